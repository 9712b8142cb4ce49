using Microsoft.Extensions.DependencyInjection;
using Orleans.Core;
using Orleans.Runtime;
using Orleans.Timers;

namespace OrleansGeo.Testing;

/// <summary>What the members of <see cref="Grain"/> ask, answered by the test.</summary>
internal sealed class GeoTestRuntime(ITestStates states, IServiceProvider services) : IGrainRuntime
{
    private const string NameOfBaseState = "state";

    public string SiloIdentity => "test";

    public SiloAddress SiloAddress => SiloAddress.Zero;

    public IGrainFactory GrainFactory => services.GetRequiredService<IGrainFactory>();

    public ITimerRegistry TimerRegistry => services.GetRequiredService<ITimerRegistry>();

    public IServiceProvider ServiceProvider => services;

    public TimeProvider TimeProvider => services.GetRequiredService<TimeProvider>();

    public void DeactivateOnIdle(IGrainContext grainContext) => grainContext.Deactivate(new(DeactivationReasonCode.ApplicationRequested, "The grain asks for it."));

    public void DelayDeactivation(IGrainContext grainContext, TimeSpan timeSpan)
    {
        // Only the test deactivates.
    }

    public IStorage<TGrainState> GetStorage<TGrainState>(IGrainContext grainContext) => states.Get<TGrainState>(NameOfBaseState);
}
