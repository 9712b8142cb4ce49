using System.Diagnostics.CodeAnalysis;
using Orleans.Metadata;
using OrleansGeo.Runtime.Routing;

namespace OrleansGeo.Runtime.Gates;

/// <summary>Gives every geo activation its gate before the grain is constructed.</summary>
internal sealed class GeoActivationConfigurator(GeoGrainPolicies policies, GeoActivations activations) : IConfigureGrainContextProvider
{
    public bool TryGetConfigurator(GrainType grainType, GrainProperties properties, [NotNullWhen(true)] out IConfigureGrainContext? configurator)
    {
        configurator = policies.TryGet(grainType, out var policy) ? new Configurator(policy, activations) : null;
        if (configurator is not null)
        {
            activations.Register(grainType);
        }

        return configurator is not null;
    }

    private sealed class Configurator(GeoGrainPolicy policy, GeoActivations activations) : IConfigureGrainContext
    {
        public void Configure(IGrainContext context)
        {
            var activation = new GeoActivation(context, policy, activations);
            context.SetComponent(activation);
            context.ObservableLifecycle.Subscribe(nameof(GeoActivation), GrainLifecycleStage.SetupState, activation.OnStartAsync, activation.OnStopAsync);
        }
    }
}
