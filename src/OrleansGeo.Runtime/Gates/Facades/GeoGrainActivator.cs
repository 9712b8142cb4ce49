using Microsoft.Extensions.Logging;
using OrleansGeo.Runtime.Gates.Objects;

namespace OrleansGeo.Runtime.Gates.Facades;

/// <summary>Makes what Orleans holds for a geo grain, the facade, and behind it the author's object.</summary>
internal sealed class GeoGrainActivator(Type grainClass, IGrainActivator inner, ILoggerFactory loggers) : IGrainActivator
{
    private readonly Type _facade = FacadeFactory.TypeOf(grainClass);
    private readonly ILogger _logger = loggers.CreateLogger<ObjectSlot>();

    public GrainClassTraits Traits { get; } = GrainClassTraits.Of(grainClass);

    public object CreateInstance(IGrainContext context)
    {
        var activation = (GeoActivation)context.GetComponent(typeof(GeoActivation))!;
        activation.Construct(this, _logger);
        return Activator.CreateInstance(_facade, activation)!;
    }

    public async ValueTask DisposeInstance(IGrainContext context, object instance) => await ((GeoFacade)instance).Activation.DisposeAsync();

    /// <summary>One object of the author's class.</summary>
    public UserObject Create(GeoActivation activation, GeoActivations silo)
    {
        var made = new UserObject(activation, silo.Services, new ObjectLifecycle(_logger));
        made.Constructed(inner.CreateInstance(made.Context));
        return made;
    }
}
