using OrleansGeo.Operations;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Events;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Moves;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.World;

/// <summary>The operators' verbs: changes of the topology that the regions then follow.</summary>
internal sealed partial class GeoAdmin(
    CurrentTopology topology, RegionAuthority authority, ControlFollower control, GeoGrainPolicies policies, EntityMoves moves, PinRules pins, IRegionLinks links, IGrainFactory grains, GeoEvents events, TimeProvider time) : IGeoAdmin
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan NewsBound = TimeSpan.FromSeconds(1);

    public async Task DrainAsync(RegionId region, CancellationToken cancellationToken = default)
    {
        RequireAnother(region, "drain");
        await DecideAsync("drain", region, TopologyChangeWire.SetMode(region, RegionMode.Drained), cancellationToken);
    }

    public async Task RestoreAsync(RegionId region, CancellationToken cancellationToken = default)
    {
        RequireKnown(region);
        await DecideAsync("restore", region, TopologyChangeWire.SetMode(region, RegionMode.Restoring), cancellationToken);
    }

    public async Task FailoverAsync(RegionId region, CancellationToken cancellationToken = default)
    {
        RequireAnother(region, "fail over");
        await DecideAsync("fail over", region, TopologyChangeWire.Evict(region), cancellationToken);
    }

    public IAsyncEnumerable<GeoEvent> WatchAsync(CancellationToken cancellationToken = default) => events.WatchAsync(cancellationToken);

    private async Task DecideAsync(string verb, RegionId region, TopologyChangeWire change, CancellationToken cancellationToken)
    {
        try
        {
            var isApplied = await control.ChangeAsync(change, cancellationToken).WaitAsync(Deadline, time, cancellationToken);
            if (!isApplied && !await IsSoAsync(change, cancellationToken))
            {
                throw LastRegion(verb, region, "the others were drained or failed over meanwhile");
            }
        }
        catch (TimeoutException exception)
        {
            throw new GeoException(
                new(GeoErrorCode.RegionIsolated, $"No majority of regions decided within {Deadline.TotalSeconds:0} s. It may still happen; repeat the request, or send it to another region.", TimeSpan.FromSeconds(2)), exception);
        }
    }

    /// <summary>It was not applied: because it is so already, which an operator who repeats a verb wants, or because it may not be.</summary>
    private async Task<bool> IsSoAsync(TopologyChangeWire change, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        bool isSo;

        // What was decided may not have come here yet.
        while (!(isSo = IsSo(change, topology.Decided.StateOf(new(change.Region)))) && time.GetElapsedTime(since) < NewsBound)
        {
            await Task.WhenAny(topology.WhenChanged, Task.Delay(NewsBound, time, cancellationToken));
        }

        return isSo;
    }

    private static bool IsSo(TopologyChangeWire change, RegionState state) => change.Kind == TopologyChangeKind.Evict
        ? state is { Mode: RegionMode.Drained, EvictedThrough: > 0 }
        : state.Mode == (RegionMode)change.Number || ((RegionMode)change.Number == RegionMode.Restoring && state.Mode == RegionMode.Normal);

    private void RequireKnown(RegionId region)
    {
        if (topology.Value.Regions.IndexOf(region) < 0)
        {
            throw new GeoException(new(
                GeoErrorCode.UnknownRegion, $"There is no region '{region}' in this world: use {string.Join(", ", topology.Value.Regions.All)}. Nothing happened."));
        }
    }

    private void RequireAnother(RegionId region, string verb)
    {
        RequireKnown(region);
        var decided = topology.Decided;
        if (!decided.Regions.All.Any(other => other != region && decided.Map.Preferences.CanBeHome(other) && authority.HealthOf(other).IsEligible))
        {
            throw LastRegion(verb, region, "no other region holds a lease and can be home");
        }
    }

    private static GeoException LastRegion(string verb, RegionId region, string reason) => new(new(
        GeoErrorCode.LastRegion, $"Cannot {verb} {region}: {reason}, so nothing would serve. Start or restore another region first. Nothing happened."));
}
