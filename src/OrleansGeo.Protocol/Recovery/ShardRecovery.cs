using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Recovery;

/// <summary>
/// A forced promotion, from the allotted epoch to a log that can be opened: fence a majority, each of which promises and says where its log
/// ends in one durable step; take the longest of their logs.
/// </summary>
/// <remarks>
/// <para>Invariant 3: an acknowledged write is on a majority, any two majorities share a region, and that region's log, or one that ends in a
/// later epoch and so contains it, is the longest. Longest is by the epoch of the last entry first: a long suffix of a lost epoch
/// is not newer than a short one of its successor.</para>
/// <para>A store that is being copied fences like any other, because what it holds was never counted; but it has no log to take.</para>
/// </remarks>
/// <param name="token">The region that recovers, and its epoch.</param>
/// <param name="quorums">The world's.</param>
/// <param name="isOwnProven">
/// Whether the own store is known to hold all that it held. Otherwise its log is one that may be taken and no vote: an entry which a majority had, it included, is
/// only found on enough of the others.
/// </param>
internal sealed class ShardRecovery(FencingToken token, Quorums quorums, bool isOwnProven = true)
{
    private readonly Dictionary<RegionId, ShardHead> _heads = [];
    private readonly HashSet<RegionId> _proven = [];
    private FencingToken? _newer;
    private RecoveryStep.Unreadable? _unreadable;
    private readonly HashSet<RegionId> _silent = [];
    private bool _isForgotten;
    private bool _isDropped;

    public FencingToken Token => token;

    /// <summary>From where on a region's log may have what this one does not: its promise was not counted, or its log is not all in this one. Null: this one has all of it.</summary>
    public LogPosition? MissesOf(RegionId region, ShardHead own)
    {
        if (!_heads.TryGetValue(region, out var head) || head.Copying)
        {
            return own.Last.Next;
        }

        var common = own.Epochs.CommonWith(head.Epochs, own.Last, head.Last);
        return common < head.Last ? common.Next : null;
    }

    /// <summary>The head of a store after it was asked to promise; of the own one, also after each step.</summary>
    /// <param name="region">Whose store.</param>
    /// <param name="head">Its head.</param>
    /// <param name="isProven">Whether the store is known to hold all that it held, when it promised. Of the own one that was said before.</param>
    public void Promised(RegionId region, ShardHead head, bool isProven = true)
    {
        if (head.Promised == token)
        {
            _heads[region] = head;
            if (region == token.Region ? isOwnProven : isProven)
            {
                _proven.Add(region);
            }
            else
            {
                // It may have started since it answered before, on an older store.
                _proven.Remove(region);
            }
        }
        else if (token.IsFencedBy(head.Promised))
        {
            _newer = head.Promised;
        }
    }

    /// <summary>
    /// Whether rows that another store sent may be taken: only if, when they had been read, it still promised this very epoch. Otherwise a newer home may
    /// have cut it and given it another history since its tail was read, and the rows do not follow those that came before.
    /// </summary>
    /// <param name="head">The store's head, read after the rows.</param>
    public bool Fetched(ShardHead head)
    {
        if (token.IsFencedBy(head.Promised))
        {
            _newer = head.Promised;
        }

        _silent.Clear();

        // It had promised: an older store stands in its place, which has not.
        _isForgotten |= head.Promised != token && !token.IsFencedBy(head.Promised);
        return head.Promised == token;
    }

    /// <summary>A store that was counted did not send its rows. The second time in a row it counts no more: another one may have them, and that one may be gone for good.</summary>
    public void Failed(RegionId region)
    {
        if (!_silent.Add(region) && _heads.Remove(region))
        {
            _proven.Remove(region);
            _isDropped = true;
        }
    }

    /// <summary>Whether this region can read rows that another store sent. If not, they must not be stored: recovery ends with <see cref="RecoveryStep.Unreadable"/>.</summary>
    public bool CanRead(RegionId source, IEnumerable<LogRow> rows)
    {
        try
        {
            foreach (var row in rows)
            {
                LogRowCodec.Decode(row);
            }

            return true;
        }
        catch (FormatException exception)
        {
            _unreadable = new(source, exception.Message);
            return false;
        }
    }

    public RecoveryStep Next()
    {
        if (_newer is { } newer)
        {
            return new RecoveryStep.Lost(newer);
        }

        if (_unreadable is { } unreadable)
        {
            return unreadable;
        }

        if (_isForgotten)
        {
            return new RecoveryStep.Again();
        }

        if (!quorums.KnowAll(_proven.Count, _heads.Count) || !_heads.TryGetValue(token.Region, out var own))
        {
            return _isDropped ? new RecoveryStep.Again() : new RecoveryStep.Wait();
        }

        var longest = _heads
            .Where(static pair => !pair.Value.Copying)
            .OrderByDescending(static pair => pair.Value.LastEpoch)
            .ThenByDescending(static pair => pair.Value.Last)
            .ThenByDescending(pair => pair.Key == token.Region)
            .FirstOrDefault();
        return longest.Value is null ? new RecoveryStep.Wait() : longest.Key == token.Region ? new RecoveryStep.Open() : Approach(own, longest.Key, longest.Value);
    }

    private static RecoveryStep Approach(ShardHead own, RegionId source, ShardHead longest)
    {
        var common = own.Copying ? LogPosition.Zero : own.Epochs.CommonWith(longest.Epochs, own.Last, longest.Last);
        if (own.Copying || common < longest.Trimmed)
        {
            return new RecoveryStep.Yield(source);
        }

        return common < own.Last
            ? new RecoveryStep.Cut(common, own.Epochs.EpochAt(common.Next))
            : new RecoveryStep.Fetch(source, own.Last.Next);
    }
}
