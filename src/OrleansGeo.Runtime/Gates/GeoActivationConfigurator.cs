using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Metadata;
using OrleansGeo.Abstractions.Grains;
using OrleansGeo.Runtime.Routing;

namespace OrleansGeo.Runtime.Gates;

/// <summary>Gives every geo activation its gate before the grain is constructed.</summary>
/// <remarks>Orleans builds its configurators before the services that they need, which depend on them: so it asks for those late.</remarks>
internal sealed class GeoActivationConfigurator(IServiceProvider services) : IConfigureGrainContextProvider
{
    public bool TryGetConfigurator(GrainType grainType, GrainProperties properties, [NotNullWhen(true)] out IConfigureGrainContext? configurator)
    {
        configurator = null;
        if (!properties.Properties.ContainsKey(GeoGrainProperties.Durability)
            || !services.GetRequiredService<GeoGrainPolicies>().TryGet(grainType, out var policy))
        {
            return false;
        }

        var activations = services.GetRequiredService<GeoActivations>();
        activations.Register(grainType);
        configurator = new Configurator(policy, activations);
        return true;
    }

    private sealed class Configurator(GeoGrainPolicy policy, GeoActivations activations) : IConfigureGrainContext
    {
        public void Configure(IGrainContext context)
        {
            var activation = new GeoActivation(context, policy, activations);
            context.SetComponent(activation);
            context.ObservableLifecycle.Subscribe(nameof(GeoActivation), GrainLifecycleStage.First, activation.BindAsync, activation.UnbindAsync);
        }
    }
}
