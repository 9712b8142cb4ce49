using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.World;

/// <summary>Notices when the link to a region goes up or down, and when its replicas fall behind or have caught up, and tells whoever watches.</summary>
internal sealed class RegionWatch(IGeoWorld world, GeoEvents events)
{
    /// <summary>Entries that a region may lack before that is news.</summary>
    private const long Behind = 1_000;

    private readonly Dictionary<RegionId, (bool IsUp, bool IsBehind, bool CanFollow)> _seen = [];

    /// <summary>Looks once. Not thread-safe.</summary>
    public Task LookAsync(CancellationToken cancellationToken)
    {
        Look();
        return Task.CompletedTask;
    }

    private void Look()
    {
        foreach (var region in world.GetRegions().Where(region => region.Region != world.Region))
        {
            var isBehind = region.LagEntries >= Behind;
            var canFollow = region.Problem is null;
            if (!_seen.TryGetValue(region.Region, out var before))
            {
                before = (region.IsUp, isBehind, true);
            }

            if (region.IsUp != before.IsUp)
            {
                events.Publish(GeoEventType.Link, region.Region.Name, null, null, region.IsUp ? $"The link to {region.Region} is up." : $"The link is down: {region.DownReason}.");
            }

            if (isBehind != before.IsBehind)
            {
                events.Publish(GeoEventType.Lag, region.Region.Name, null, null, isBehind ? $"{region.Region} lacks {region.LagEntries} entries of the shards at home in {world.Region}." : $"{region.Region} has caught up.");
            }

            if (canFollow != before.CanFollow)
            {
                events.Publish(GeoEventType.Lag, region.Region.Name, null, null, region.Problem ?? $"{region.Region} reads all logs of the shards at home in {world.Region} again.");
            }

            _seen[region.Region] = (region.IsUp, isBehind, canFollow);
        }
    }
}
