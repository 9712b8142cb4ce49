using OrleansGeo.Protocol.Leases;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Tests.Protocol.Control;

/// <summary>Whether one value of a register can follow another. Null: it can; otherwise why not.</summary>
internal static class Lineage
{
    public static string? Lease(ReadOnlyMemory<byte> earlierBytes, ReadOnlyMemory<byte> laterBytes)
    {
        var (earlier, later) = (LeaseValue.Decode(earlierBytes), LeaseValue.Decode(laterBytes));
        var holds = later.IsHeld
            ? later.Generation == earlier.Generation + 1 || (later.Generation == earlier.Generation && earlier.IsHeld && later.Boot == earlier.Boot) || later.Generation > earlier.Generation + 1
            : later.Generation >= earlier.Generation;
        return holds ? null : $"{later} after {earlier}";
    }

    public static string? Topology(ShardMap map, ReadOnlyMemory<byte> earlierBytes, ReadOnlyMemory<byte> laterBytes)
    {
        var (earlier, later) = (TopologyCodec.Decode(map, earlierBytes), TopologyCodec.Decode(map, laterBytes));
        if (later.Version <= earlier.Version)
        {
            return $"version {later.Version} after {earlier.Version}";
        }

        for (var index = 0; index < map.Count; index++)
        {
            var (before, after) = (earlier.HomeOf(index), later.HomeOf(index));
            if (after.Epoch < before.Epoch || (after.Epoch == before.Epoch && after.Region != before.Region))
            {
                return $"{map[index]} at {after.Token} after {before.Token}";
            }
        }

        foreach (var region in map.Regions.All)
        {
            var (before, after) = (earlier.StateOf(region), later.StateOf(region));
            if (after.Generation < before.Generation || (after.EvictedThrough < before.EvictedThrough && after.EvictedThrough > 0))
            {
                return $"{region} {after} after {before}";
            }
        }

        return null;
    }
}
