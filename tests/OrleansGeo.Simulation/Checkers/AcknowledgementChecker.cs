using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Simulation.Checkers;

/// <summary>
/// Invariant 3: an acknowledged quorum write is in every later home's log. Invariant 4: an acknowledged region write is there, in a ledger, or
/// still in a store. And what any region checkpointed is in every later home's log, since it can never be cut.
/// </summary>
internal sealed class AcknowledgementChecker(SimWorld world)
{
    private readonly List<(ShadowRow Row, LogEntry Entry)>[] _acknowledged = [.. Enumerable.Range(0, world.ShardCount).Select(static _ => new List<(ShadowRow, LogEntry)>())];
    private readonly (int Region, FencingToken Token)[] _newest = new (int, FencingToken)[world.ShardCount];

    private readonly HashSet<ShadowRow> _forgotten = [];

    public int Count => _acknowledged.Sum(static list => list.Count);

    public FencingToken Newest(int shard) => _newest[shard].Token;

    /// <summary>The region that became the shard's home last.</summary>
    public int NewestHome(int shard) => _newest[shard].Region;

    public void Acknowledged(int region, int shard, FencingToken token, LogEntry entry)
    {
        var row = world.Checks.Logs.LogOf(region, shard).FindLast(row => row.Row.First <= entry.Position);
        SimViolation.Unless(
            row is not null && row.Row.Last >= entry.Position && row.Row.Epoch <= token.Epoch,
            $"{token} acknowledged {entry.Position} of shard {shard}, which its own store does not have.");
        _acknowledged[shard].Add((row!, entry));
        world.Checks.Reads.Acknowledged(shard, token, entry);
        world.Checks.Entities.Acknowledged(shard, row!, entry.EntityVersion);
        world.Checks.Staleness.Acknowledged(shard, row!, entry.Position);
        var newest = _newest[shard];
        if (newest.Token.Epoch > token.Epoch && world.FamilyOf(shard) == ShardFamily.Quorum)
        {
            SimViolation.Unless(
                world.Checks.Logs.LogOf(newest.Region, shard).Contains(row!),
                $"Invariant 3: {token} acknowledged {entry.Position} of shard {shard}, which the later home {newest.Token} does not have.");
        }
    }

    /// <summary>A region's disk is replaced: what its region shards acknowledged, and no other disk has, is lost.</summary>
    public void DiskReplaced(int region, int shard, List<ShadowRow> kept) => _forgotten.UnionWith(
        world.Checks.Logs.LogOf(region, shard).Except(kept).Where(row => !world.Regions.Any(other => other.Index != region && world.Checks.Logs.LogOf(other.Index, shard).Contains(row))));

    public void HomeOpened(int region, int shard, FencingToken token)
    {
        if (token.Epoch < _newest[shard].Token.Epoch)
        {
            return;
        }

        _newest[shard] = (region, token);
        world.Checks.Logs.HomeOpened(region, shard);
        var log = Check(region, shard, token);
        CheckSuspected(shard, token, log);
        world.Checks.Staleness.HomeOpened(shard, log);
        world.Checks.EntityReads.HomeOpened(shard, log);
        foreach (var (_, row) in world.Checks.Logs.Checkpoints.Where(checkpoint => checkpoint.Shard == shard))
        {
            SimViolation.Unless(log.Contains(row), $"Invariant 9: the home {token} of shard {shard} lacks {row.Row.Epoch}.{row.Row.Last}, which a region checkpointed.");
        }

        foreach (var row in world.Checks.Visible.SeenRows(shard))
        {
            SimViolation.Unless(log.Contains(row), $"Invariant 3: the home {token} of shard {shard} lacks {row.Row.Epoch}.{row.Row.Last}, which a reader saw.");
        }

        if (world.IsRow(shard))
        {
            world.Checks.Rows.Replay(region, shard);
        }
        else if (world.Config.Moves)
        {
            world.Checks.Entities.Replay();
        }
        else
        {
            world.Checks.Requests.Replay(region, shard);
        }
    }

    public HashSet<ShadowRow> Check(int region, int shard, FencingToken token)
    {
        var log = world.Checks.Logs.LogOf(region, shard).ToHashSet();
        foreach (var (row, entry) in _acknowledged[shard])
        {
            if (log.Contains(row))
            {
                continue;
            }

            if (world.IsRow(shard))
            {
                SimViolation.Unless(
                    world.Checks.Rows.MayBeLost(row),
                    $"Invariant 9: a row regressed at its owner: {token} of shard {shard} lacks the acknowledged write {row.Row.Epoch}.{entry.Position}, which was on more than one disk.");
                continue;
            }

            SimViolation.Unless(
                world.FamilyOf(shard) == ShardFamily.Region,
                $"Invariant 3: the home {token} of shard {shard} lacks the acknowledged write {row.Row.Epoch}.{entry.Position}.");
            SimViolation.Unless(
                IsKept(shard, row),
                $"Invariant 4: the acknowledged write {row.Row.Epoch}.{entry.Position} of shard {shard} is neither in the log of the home {token} nor in a ledger nor in any store.");
        }

        return log;
    }

    /// <summary>What a region acknowledged alone, and no later home has, is in a ledger, or listed as suspected: from the moment on that another one serves.</summary>
    private void CheckSuspected(int shard, FencingToken token, HashSet<ShadowRow> log)
    {
        if (world.FamilyOf(shard) != ShardFamily.Region || !world.Config.StoresAreKept)
        {
            return;
        }

        foreach (var (row, entry) in _acknowledged[shard].Where(acknowledged => !log.Contains(acknowledged.Row)))
        {
            SimViolation.Unless(
                world.Regions.Any(region => region.Store.Ledger.Any(cut => cut.Shard == shard && cut.Row == row.Row)
                    || region.Store.Suspicions.Any(suspicion => suspicion.Shard == shard && suspicion.From <= entry.Position)),
                $"Invariant 4: {token} serves shard {shard} without the acknowledged write {row.Row.Epoch}.{entry.Position}, and no region suspects that it is lost.");
        }
    }

    private bool IsKept(int shard, ShadowRow row) => _forgotten.Contains(row) || world.Regions.Any(region =>
        region.Store.Ledger.Any(cut => cut.Shard == shard && cut.Row == row.Row) || world.Checks.Logs.LogOf(region.Index, shard).Contains(row));
}
