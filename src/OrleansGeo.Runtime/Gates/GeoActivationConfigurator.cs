using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Metadata;
using OrleansGeo.Runtime.Enumeration;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Runtime.Topology;
using OrleansGeo.Runtime.Types;

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
        configurator = new Configurator(grainType, policy, activations, services.GetRequiredService<TypeStandings>());
        return true;
    }

    private sealed class Configurator(GrainType type, GeoGrainPolicy policy, GeoActivations activations, TypeStandings types) : IConfigureGrainContext
    {
        public void Configure(IGrainContext context)
        {
            if (!types.IsServed(type))
            {
                context.ObservableLifecycle.Subscribe(nameof(TypeStandings), GrainLifecycleStage.First, token => types.WhenServedAsync(type, token));
            }

            var activation = new GeoActivation(context, policy, activations);
            context.SetComponent(activation);
            context.SetComponent<ICallGate>(activation);
            context.SetComponent<IEnumerationGate>(activation);
            context.ObservableLifecycle.Subscribe(nameof(GeoActivation), GrainLifecycleStage.First + 1, activation.BindAsync, activation.UnbindAsync);
        }
    }
}
