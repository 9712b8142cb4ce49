using OrleansGeo.Protocol.Recovery;

namespace OrleansGeo.Simulation.Stores;

/// <summary>Whether one run of a region's process knows its store to hold all that it held: runs the product's <see cref="StoreComparison"/>. Decides nothing.</summary>
internal sealed class StoreStanding(SimWorld world, SimRegion region)
{
    private readonly StoreComparison _comparison = new(world.Map, region.Id, [.. Enumerable.Range(0, world.ShardCount).Select(world.MapIndexOf)]);
    private readonly int _run = region.Runs;
    private bool _isRenewing;

    public bool IsProven { get; private set; }

    public bool OwnsRows => IsProven || _comparison.OwnsRows;

    private bool IsAlive => region.IsUp && region.Runs == _run;

    public void Start()
    {
        if (region.Store.IsContinued || world.Config.Fault == SimFault.StartProvesStore)
        {
            Prove();
        }
        else
        {
            world.Trace($"{region.Id} does not know whether its store went back");
            if (world.Config.Fault == SimFault.OldEpochAfterStart)
            {
                region.Control!.Control.Prove();
            }

            Compare();
        }
    }

    private void Compare()
    {
        foreach (var other in world.Regions.Where(other => other != region))
        {
            var topology = region.Topology;
            var asked = _comparison.AsksOf(other.Id, topology).ToList();
            world.Network.Send(region.Index, other.Index, $"where do {asked.Count} logs end?", () =>
            {
                var heads = asked.ConvertAll(index => (Index: index, other.Store[world.ShardAt(world.Map[index])].Head));
                world.Network.Send(other.Index, region.Index, "where logs end", () =>
                {
                    if (IsAlive && !IsProven)
                    {
                        heads.ForEach(item => _comparison.Answered(other.Id, topology, item.Index, item.Head));
                        Look();
                    }
                });
            });
        }

        world.Events.After(world.Chance.Between(20_000, 60_000), () => region.Run(() =>
        {
            if (IsAlive && !IsProven)
            {
                Look();
                Compare();
            }
        }));
    }

    private void Look()
    {
        if (_comparison.Renewals is [var (row, token), ..])
        {
            if (!_isRenewing)
            {
                _isRenewing = true;
                region.Store.Queue.Submit(
                    () => IsAlive,
                    $"promise {token} for the own row",
                    writes: true,
                    () => region.Store.Promise(world.ShardAt(world.Map[row]), token),
                    _ =>
                    {
                        _isRenewing = false;
                        _comparison.Renewed(row);
                        region.Control!.Review();
                        Look();
                    },
                    () => _isRenewing = false);
            }
        }
        else if (!IsProven)
        {
            if (_comparison.Missing(region.Topology, region.HasLease, index => region.Store[world.ShardAt(world.Map[index])].Head) is not { } missing)
            {
                Prove();
            }
            else
            {
                world.Trace($"{region.Id} is not known to hold all of shard {world.ShardAt(world.Map[missing])}");
            }
        }
    }

    private void Prove()
    {
        IsProven = region.Store.IsContinued = true;
        region.Control!.Control.Prove();
        region.Control.Review();
    }
}
