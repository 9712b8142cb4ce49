using Microsoft.Extensions.Options;
using OrleansGeo.Abstractions.Errors;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Hosting;

namespace OrleansGeo.Runtime.World;

/// <summary>Changes the topology, and waits until the homes have followed it (<see cref="Shards.HomeMover"/>).</summary>
internal sealed class RegionPresence(CurrentTopology topology, RegionAuthority authority, ControlFollower control, IOptions<GeoOptions> options, TimeProvider time) : IRegionPresence
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private RegionId Self => options.Value.Self;

    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        // What the register decides does not know who is alive: homes that nobody takes would only wait here.
        if (!topology.Decided.Regions.All.Any(other => other != Self && topology.Decided.Map.Preferences.CanBeHome(other) && authority.HealthOf(other).IsEligible))
        {
            throw LastRegion();
        }

        var isApplied = await control.ChangeAsync(TopologyChangeWire.Leave(Self), cancellationToken);
        while (IsHome())
        {
            var changed = topology.WhenChanged;
            if (!isApplied && !topology.Decided.StateOf(Self).IsAway)
            {
                throw LastRegion();
            }

            await Task.WhenAny(changed, Task.Delay(Pause, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
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
            catch (Exception exception) when (exception is OrleansException or TimeoutException)
            {
                // The control plane has not started, or no majority has answered yet.
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    private bool IsHome() => topology.Decided is var decided && Enumerable.Range(0, decided.Map.Count).Any(shard => decided.HomeOf(shard).Region == Self);

    private GeoException LastRegion() => new(new(GeoErrorCode.LastRegion, $"{Self} cannot hand its homes over: no other region holds a lease and can be home. Nothing happened."));
}
