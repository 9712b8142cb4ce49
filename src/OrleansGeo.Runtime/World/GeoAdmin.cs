using OrleansGeo.Abstractions.Errors;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Links;

namespace OrleansGeo.Runtime.World;

/// <summary>The operators' verbs: changes of the topology that the regions then follow.</summary>
internal sealed partial class GeoAdmin(
    CurrentTopology topology, RegionAuthority authority, ControlFollower control, IRegionLinks links, IGrainFactory grains, GeoEvents events, TimeProvider time) : IGeoAdmin
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    public Task DrainAsync(RegionId region, CancellationToken cancellationToken = default)
    {
        RequireAnother(region, "drain");
        return DecideAsync(TopologyChangeWire.SetMode(region, RegionMode.Drained), cancellationToken);
    }

    public Task RestoreAsync(RegionId region, CancellationToken cancellationToken = default)
    {
        RequireKnown(region);
        return DecideAsync(TopologyChangeWire.SetMode(region, RegionMode.Restoring), cancellationToken);
    }

    public Task FailoverAsync(RegionId region, CancellationToken cancellationToken = default)
    {
        RequireAnother(region, "fail over");
        return DecideAsync(TopologyChangeWire.Evict(region), cancellationToken);
    }

    public IAsyncEnumerable<GeoEvent> WatchAsync(CancellationToken cancellationToken = default) => events.WatchAsync(cancellationToken);

    private async Task DecideAsync(TopologyChangeWire change, CancellationToken cancellationToken)
    {
        try
        {
            // Whether it changed anything does not matter: an operator who repeats a verb wants the same.
            await control.ChangeAsync(change).WaitAsync(Deadline, time, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new GeoException(
                new(GeoErrorCode.RegionIsolated, $"No majority of regions decided within {Deadline.TotalSeconds:0} s. It may still happen; repeat the request, or send it to another region.", TimeSpan.FromSeconds(2)), exception);
        }
    }

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
            throw new GeoException(new(
                GeoErrorCode.LastRegion, $"Cannot {verb} {region}: no other region holds a lease and can be home, so nothing would serve. Start or restore another region first. Nothing happened."));
        }
    }
}
