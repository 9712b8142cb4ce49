using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Simulation.Checkers;

namespace OrleansGeo.Simulation.Stores;

/// <summary>What becomes of disks while their region is down: now and then a copy is kept, and put in its place later; or an empty one is. Only the region's own lease stays, so that nothing else shows it.</summary>
internal sealed class SimDisks(SimWorld world)
{
    private readonly Dictionary<(int Region, int Shard), (StoredShard Stored, List<ShadowRow> Log)> _kept = [];
    private readonly Dictionary<int, Dictionary<string, AcceptorState>> _registers = [];

    /// <summary>Copies are kept by chance, too. Otherwise only a test by hand keeps one.</summary>
    public bool KeepsByChance { get; set; }

    public void Tick(int region)
    {
        if (KeepsByChance && world.Chance.Percent(1))
        {
            Keep(region);
        }
    }

    public void Keep(int region)
    {
        _registers[region] = world.Regions[region].Store.CopyRegisters();
        for (var shard = 0; shard < world.ShardCount; shard++)
        {
            _kept[(region, shard)] = (world.Regions[region].Store[shard].Clone(), [.. world.Checks.Logs.LogOf(region, shard)]);
        }
    }

    /// <summary>While the region is down, a shard gets unreadable. After a while an operator replaces the disk by an empty one.</summary>
    public void Damage(int region, int shard)
    {
        world.Trace($"{world.NameOf(region)}: shard {shard} is damaged");
        world.Regions[region].Store[shard].IsDamaged = true;
        IsDamaged = true;
        world.Events.After(world.Chance.Between(500, 3_000) * 1_000L, () =>
        {
            world.Regions[region].Crash();
            Replace(region, isEmpty: true);
            IsDamaged = false;
            world.Regions[region].Start();
        });
    }

    /// <summary>Some shard is.</summary>
    public bool IsDamaged { get; private set; }

    public void Replace(int region) => Replace(region, isEmpty: world.Chance.Percent(50));

    public void Replace(int region, bool isEmpty)
    {
        world.Trace($"{world.NameOf(region)}: the disk with its shards is replaced by {(isEmpty ? "an empty one" : "an old copy")}");
        world.Regions[region].Store.ReplaceRegisters(isEmpty ? [] : _registers.GetValueOrDefault(region, []));
        for (var shard = 0; shard < world.ShardCount; shard++)
        {
            var (stored, log) = !isEmpty && _kept.TryGetValue((region, shard), out var old) ? (old.Stored.Clone(), old.Log) : (new StoredShard(), []);
            if (shard == world.RowOf(region) && world.IsRow(shard))
            {
                world.Checks.Rows.DiskReplaced(region, shard, log);
            }
            else if (world.FamilyOf(shard) == ShardFamily.Region)
            {
                world.Checks.Acknowledgements.DiskReplaced(region, shard, log);
            }

            world.Checks.Logs.Replaced(region, shard, log);
            world.Checks.Fences.Forget(region, shard);
            world.Regions[region].Store.Replace(shard, stored);
        }
    }
}
