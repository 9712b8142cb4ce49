using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Simulation.Checkers;

/// <summary>
/// Invariant 10: reported staleness is at least the true one. By the one clock that no region has: whoever claims that it shows all that was
/// acknowledged up to a moment of its own clock shows all that was, up to that moment. What a forced promotion left behind is not stale but lost.
/// </summary>
internal sealed class StalenessChecker(SimWorld world)
{
    /// <summary>A region's clock is read in whole microseconds, and back.</summary>
    public const int RoundingMicroseconds = 2;

    private readonly List<(long At, ShadowRow Row, LogPosition Position)>[] _acknowledged =
        [.. Enumerable.Range(0, world.ShardCount).Select(static _ => new List<(long, ShadowRow, LogPosition)>())];

    /// <summary>How many claims were judged.</summary>
    public int Claims { get; private set; }

    public void Acknowledged(int shard, ShadowRow row, LogPosition position)
    {
        var all = _acknowledged[shard];
        if (all.Count == 0 || all[^1].Position < position)
        {
            all.Add((world.Events.Now, row, position));
        }
    }

    /// <summary>A home began: what its log lacks was left behind.</summary>
    public void HomeOpened(int shard, HashSet<ShadowRow> log)
    {
        if (world.FamilyOf(shard) != ShardFamily.Quorum)
        {
            _acknowledged[shard].RemoveAll(item => !log.Contains(item.Row));
        }
    }

    /// <summary>A region shows a shard up to <paramref name="shown"/>, and says that it shows all that was acknowledged at <paramref name="freshAt"/> of its clock.</summary>
    public void Claimed(SimRegion region, int shard, TimeSpan? freshAt, LogPosition shown)
    {
        // Open: a probe does not ask the store, so that one of two activations of a home answers without what the other has acknowledged (seed 4983).
        if (freshAt is not { } at || world.Config.DuplicateActivations)
        {
            return;
        }

        Claims++;
        var moment = region.When(at) - RoundingMicroseconds;
        if (_acknowledged[shard].FindLast(item => item.At < moment) is { Row: { } row } missing)
        {
            SimViolation.Unless(
                shown >= missing.Position && world.Checks.Logs.Shows(region.Index, shard, row, shown),
                $"Invariant 10: {region.Id} says that what it shows of shard {shard} is {(region.Now - at).TotalMilliseconds:0.###} ms old; {row.Row.Epoch}.{missing.Position} was acknowledged {(world.Events.Now - missing.At) / 1000.0:0.###} ms ago, and it shows it through {shown}.");
        }
    }
}
