using Microsoft.Extensions.Options;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.World;

/// <summary>Changes the topology, and waits until the homes have followed it (<see cref="Shards.HomeMover"/>).</summary>
internal sealed class RegionPresence(CurrentTopology topology, RegionAuthority authority, ControlFollower control, IOptions<GeoOptions> options, IOptions<FailoverOptions> failover, TimeProvider time)
    : IRegionPresence
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private RegionId Self => options.Value.Self;

    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        if (authority.ActedUntil is null)
        {
            throw Isolated("it has not held a lease since it started, so nothing is at home here. Nothing happened");
        }

        // What the register decides does not know who is alive: homes that nobody takes would only wait here.
        if (!HasTaker())
        {
            throw authority.IsIsolated ? Isolated("it cannot reach a majority of regions, so it can hand nothing over: the others take its homes over when its lease has run out") : LastRegion();
        }

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var deciding = control.ChangeAsync(TopologyChangeWire.Leave(Self), ends.Token);
            await WhileTakenAsync(() => !deciding.IsCompleted, () => deciding, cancellationToken);
            var isApplied = await deciding;
            await WhileTakenAsync(() => isApplied || topology.Decided.StateOf(Self).IsAway ? IsHome() : throw LastRegion(), () => topology.WhenChanged, cancellationToken);
        }
        finally
        {
            await ends.CancelAsync();
        }
    }

    public async Task ReturnAsync(CancellationToken cancellationToken)
    {
        // Not asked of the topology that this silo knows: right after a start that may be one of before the region left.
        while (true)
        {
            try
            {
                await control.ChangeAsync(TopologyChangeWire.Return(Self), cancellationToken);
                return;
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // The control plane has not started, is moving to another silo, or no majority has answered yet.
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    /// <summary>Waits while something is to be done, as long as another region is there for it. That none is may be a stall of this machine: it must last as long as a lease.</summary>
    private async Task WhileTakenAsync(Func<bool> isLeft, Func<Task> whenChanged, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            // Taken before the condition is looked at, so that no change is missed.
            var changed = whenChanged();
            if (!isLeft())
            {
                return;
            }

            if (HasTaker())
            {
                since = time.GetTimestamp();
            }
            else if (time.GetElapsedTime(since) > failover.Value.LeaseDuration)
            {
                throw Isolated("no majority of regions is reached, or no other region that can be home, any more. What has not moved yet still may");
            }

            await Task.WhenAny(changed, Task.Delay(Pause, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private bool HasTaker() => !authority.IsIsolated
        && topology.Decided.Regions.All.Any(other => other != Self && topology.Decided.Map.Preferences.CanBeHome(other) && authority.HealthOf(other).IsEligible);

    private bool IsHome() => topology.Decided is var decided && Enumerable.Range(0, decided.Map.Count).Any(shard => decided.HomeOf(shard).Region == Self);

    private GeoException LastRegion() => new(new(GeoErrorCode.LastRegion, $"{Self} cannot hand its homes over: no other region holds a lease and can be home. Nothing happened."));

    private GeoException Isolated(string reason) => new(new(GeoErrorCode.RegionIsolated, $"{Self} cannot hand its homes over: {reason}."));
}
