using Microsoft.Extensions.Logging;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Events;
using OrleansGeo.Runtime.Loops;

namespace OrleansGeo.Runtime.World;

/// <summary>Notices when the link to a region goes up or down, and when its replicas fall behind or have caught up, and tells whoever watches.</summary>
internal sealed class RegionWatch : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>Entries that a region may lack before that is news.</summary>
    private const long Behind = 1_000;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private static readonly LoopConfig Watching = new() { Name = "watch of regions", Effect = "links that go up or down, and replicas that fall behind, are not told of as events" };

    private readonly IGeoWorld _world;
    private readonly GeoEvents _events;
    private readonly BackgroundLoop _loop;
    private readonly Dictionary<RegionId, (bool IsUp, bool IsBehind, bool CanFollow)> _seen = [];

    public RegionWatch(IGeoWorld world, GeoEvents events, BackgroundLoops loops, ILogger<RegionWatch> logger)
    {
        (_world, _events) = (world, events);
        _loop = loops.CreatePeriodic(Watching, Interval, LookAsync, logger);
    }

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(RegionWatch), ServiceLifecycleStage.Active, StartAsync, _loop.StopAsync);

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _loop.Start();
        return Task.CompletedTask;
    }

    private Task LookAsync(CancellationToken stop)
    {
        Look();
        return Task.CompletedTask;
    }

    private void Look()
    {
        foreach (var region in _world.GetRegions().Where(region => region.Region != _world.Region))
        {
            var isBehind = region.LagEntries >= Behind;
            var canFollow = region.Problem is null;
            if (!_seen.TryGetValue(region.Region, out var before))
            {
                before = (region.IsUp, isBehind, true);
            }

            if (region.IsUp != before.IsUp)
            {
                _events.Publish(GeoEventType.Link, region.Region.Name, null, null, region.IsUp ? $"The link to {region.Region} is up." : $"The link is down: {region.DownReason}.");
            }

            if (isBehind != before.IsBehind)
            {
                _events.Publish(GeoEventType.Lag, region.Region.Name, null, null, isBehind ? $"{region.Region} lacks {region.LagEntries} entries of the shards at home in {_world.Region}." : $"{region.Region} has caught up.");
            }

            if (canFollow != before.CanFollow)
            {
                _events.Publish(GeoEventType.Lag, region.Region.Name, null, null, region.Problem ?? $"{region.Region} reads all logs of the shards at home in {_world.Region} again.");
            }

            _seen[region.Region] = (region.IsUp, isBehind, canFollow);
        }
    }
}
