using Orleans.Runtime;
using OrleansGeo.Runtime.Freshness;

namespace OrleansGeo.Tests.Worlds;

/// <summary>From when a test says so, a silo does not say any more where the logs of its shards stand.</summary>
internal sealed class SilentSilo(ILocalSiloDetails silo) : IIncomingGrainCallFilter
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SiloAddress Address => silo.SiloAddress;

    public bool IsSilent { get; set; }

    /// <summary>Completes when it was asked, and has not answered.</summary>
    public Task Asked => _asked.Task;

    public void End() => _ended.TrySetResult();

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (IsSilent && context.MethodName == nameof(IProbeGrain.AskSilo))
        {
            _asked.TrySetResult();
            await _ended.Task;
        }

        await context.Invoke();
    }
}
