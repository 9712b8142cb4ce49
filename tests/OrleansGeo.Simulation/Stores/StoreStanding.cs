using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Registers;

namespace OrleansGeo.Simulation.Stores;

/// <summary>Whether one run of a region's process knows its store to hold all that it held: runs the product's <see cref="StoreComparison"/>. Decides nothing.</summary>
internal sealed class StoreStanding(SimWorld world, SimRegion region)
{
    private readonly StoreComparison _comparison = new(world.Map, region.Id, [.. Enumerable.Range(0, world.ShardCount).Select(world.MapIndexOf)]);
    private readonly int _run = region.Runs;
    private readonly Queue<string> _registers = new([.. world.Map.Regions.All.Select(RegisterNames.LeaseOf), RegisterNames.Topology]);
    private bool _isRenewing;
    private bool _isWhole;

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
        else if (!IsProven && region.HasLease)
        {
            // The topology that names this lease is of this run. One from before may name homes of long ago, which know little.
            if (_comparison.Missing(region.Topology, isRecorded: true, index => region.Store[world.ShardAt(world.Map[index])].Head) is not { } missing)
            {
                if (!_isWhole)
                {
                    _isWhole = true;
                    Recall();
                }
            }
            else
            {
                world.Trace($"{region.Id} is not known to hold all of shard {world.ShardAt(world.Map[missing])}");
            }
        }
    }

    /// <summary>Has every register taken from what the others hold, one after the other.</summary>
    private void Recall()
    {
        if (!_registers.TryPeek(out var register) || world.Regions.Length == 1)
        {
            Prove();
            return;
        }

        var states = new Dictionary<int, AcceptorState>();
        var isOver = false;
        foreach (var other in world.Regions.Where(other => other != region))
        {
            world.Network.Send(region.Index, other.Index, $"what is in {register}?", () => other.Store.Queue.Submit(
                () => other.IsUp,
                $"{register} recall",
                writes: false,
                () => other.Store.StateOf(register),
                state => world.Network.Send(other.Index, region.Index, $"{register} is {state.Promised}/{state.Accepted}", () =>
                {
                    states[other.Index] = state;
                    if (IsAlive && !isOver && AcceptorRestore.From(states.Values, Math.Min(world.Map.Regions.Majority, world.Regions.Length - 1)) is { } decided)
                    {
                        isOver = true;
                        Restore(register, decided);
                    }
                }),
                static () => { }));
        }

        world.Events.After(world.Chance.Between(20_000, 60_000), () => region.Run(() =>
        {
            if (IsAlive && !isOver)
            {
                isOver = true;
                if (register == RegisterNames.Topology)
                {
                    // What reached a few may never be finished: until it is decided again, they do not agree.
                    region.Control!.Ask(static _ => null, null);
                }

                Recall();
            }
        }));
    }

    private void Restore(string register, AcceptorState decided) => region.Store.Queue.Submit(
        () => IsAlive,
        $"{register} restore",
        writes: true,
        () =>
        {
            // The value is decided without this acceptor, which need not hold it; what it must not break is the promise.
            region.Store.Take(register, new RegisterMessage.Accept(decided.Accepted, decided.Value, decided.Promised));
            return region.Store.Take(register, new RegisterMessage.Prepare(decided.Promised)).State;
        },
        state =>
        {
            if (state.Promised >= decided.Promised)
            {
                _registers.Dequeue();
            }

            Recall();
        },
        Recall);

    private void Prove()
    {
        IsProven = region.Store.IsContinued = true;
        region.Control!.Control.Prove();
        region.Control.Review();
    }
}
