using OrleansGeo.Protocol.Logs;
using OrleansGeo.Simulation.Checkers;

namespace OrleansGeo.Simulation.Stores;

/// <summary>The part of a region's disk that holds rows of multi-writer entities: now and then a copy is kept, and put in its place later; or an empty one is.</summary>
internal sealed class RowDisks(SimWorld world)
{
    private readonly Dictionary<(int Region, int Shard), (StoredShard Stored, List<ShadowRow> Log)> _kept = [];

    public void Keep(int region)
    {
        foreach (var shard in world.RowShards)
        {
            _kept[(region, shard)] = (world.Regions[region].Store[shard].Clone(), [.. world.Checks.Logs.LogOf(region, shard)]);
        }
    }

    /// <summary>While the region is down.</summary>
    public void Replace(int region)
    {
        var isEmpty = world.Chance.Percent(50);
        world.Trace($"{world.NameOf(region)}: the disk with its rows is replaced by {(isEmpty ? "an empty one" : "an old copy")}");
        foreach (var shard in world.RowShards)
        {
            var (stored, log) = !isEmpty && _kept.TryGetValue((region, shard), out var old) ? (old.Stored.Clone(), old.Log) : (new StoredShard(), []);
            if (shard == world.RowOf(region))
            {
                world.Checks.Rows.DiskReplaced(region, shard, log);
            }

            world.Checks.Logs.Replaced(region, shard, log);
            world.Checks.Fences.Forget(region, shard);
            world.Regions[region].Store.Replace(shard, stored);
        }
    }
}
