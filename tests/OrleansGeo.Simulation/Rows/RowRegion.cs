using OrleansGeo.Protocol.Freshness;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Simulation.Shells;

namespace OrleansGeo.Simulation.Rows;

/// <summary>What one run of a region's process knows of the rows of multi-writer entities: whether its own may be opened, and which entries every region shows.</summary>
internal sealed class RowRegion(SimWorld world, SimRegion region)
{
    private readonly RowReports _reports = new(world.Regions.Length, region.Index);
    private readonly Dictionary<int, ShardHead> _heads = [];
    private readonly Dictionary<int, (long Epoch, LogPosition Last)> _others = [];
    private readonly int _run = region.Runs;
    private RecordVersion?[] _settled = new RecordVersion?[world.Regions.Length];

    /// <summary>Requests that run now: what they write is based on what they saw when they began.</summary>
    public int Running { get; set; }

    /// <summary>Whether the own store is known to hold all that it ever acknowledged, or goes on under an epoch that no store has seen.</summary>
    public bool IsTrusted { get; private set; }

    private bool IsAlive => region.IsUp && region.Runs == _run;

    private int Own => world.RowOf(region.Index);

    public void Start()
    {
        IsTrusted = !region.Store.RowsWentBack || world.Config.Fault == SimFault.IncarnationReused;
        if (!IsTrusted)
        {
            Ask();
        }
    }

    /// <summary>Up to where this region shows the others' rows, whatever it writes from now on; and, read later, where its own stands.</summary>
    public RecordVersion?[] Report()
    {
        if (!world.Config.Rows)
        {
            return [];
        }

        if (Running == 0)
        {
            _settled = [.. Enumerable.Range(0, world.Regions.Length).Select(ShownHere)];
        }

        var report = _settled.ToArray();
        report[region.Index] = region.Shells[Own] is HomeShell { Log: var log } home ? new(home.Token.Epoch, log.LastStaged) : null;
        return report;
    }

    public void Reported(int from, RecordVersion?[] shown)
    {
        if (shown.Length > 0)
        {
            _reports.Reported(from, shown, ShownHere);
        }
    }

    public RecordVersion? Everywhere(string row) => _reports.Everywhere(world.IndexOf(new(row)), ShownHere);

    private RecordVersion? ShownHere(int owner) => region.Shells[world.RowOf(owner)] switch
    {
        HomeShell home => home.ShownVersion,
        ReplicaShell { Log: not null } replica => replica.ShownVersion,
        _ => null,
    };

    /// <summary>The own store went back: as many others as must say how far the own row went, for all of it to be known that a majority ever had.</summary>
    private void Ask()
    {
        foreach (var other in world.Regions.Where(other => other != region))
        {
            world.Network.Send(region.Index, other.Index, "head of a row?", () =>
            {
                var (head, its) = (other.Store[Own].Head, other.Store[world.RowOf(other.Index)].Head);
                world.Network.Send(other.Index, region.Index, $"head of a row: {head.Promised} {head.Last}", () => Answered(other, head, its));
            });
        }

        world.Events.After(world.Chance.Between(20_000, 60_000), () => region.Run(() =>
        {
            if (IsAlive && !IsTrusted)
            {
                Ask();
                Renew();
            }
        }));
    }

    private void Answered(SimRegion other, ShardHead head, ShardHead its)
    {
        if (IsAlive && !IsTrusted)
        {
            _heads[other.Index] = head;

            // As it stood first, unless its store was replaced meanwhile, too.
            if (!_others.TryGetValue(other.Index, out var known) || known.Epoch != its.LastEpoch || its.Last < known.Last)
            {
                _others[other.Index] = (its.LastEpoch, its.Last);
            }

            Renew();
        }
    }

    private void Renew()
    {
        // Of those who answered also their own rows: they may have forgotten tombstones that this region had reported.
        if (_heads.Count < world.Map.Regions.Quorums.OthersForAll || !_others.All(HoldsRow))
        {
            return;
        }

        var epoch = _heads.Values.Max(static known => Math.Max(known.Promised.Epoch, known.LastEpoch));
        region.Store.Queue.Submit(() => IsAlive, $"promise epoch {epoch + 1} of the own row", writes: true, () => Promise(epoch), _ =>
        {
            IsTrusted = true;
            region.Control!.Review();
        }, static () => { });
    }

    private bool HoldsRow(KeyValuePair<int, (long Epoch, LogPosition Last)> row) =>
        region.Store[world.RowOf(row.Key)].Head is { Copying: false } own && own.LastEpoch >= row.Value.Epoch && (own.LastEpoch > row.Value.Epoch || own.Last >= row.Value.Last);

    private bool Promise(long epoch)
    {
        // Also when nobody has seen anything of it: a session may have.
        region.Store.Promise(Own, new(region.Id, Math.Max(1, epoch) + 1));
        return region.Store.RowsWentBack = false;
    }
}
