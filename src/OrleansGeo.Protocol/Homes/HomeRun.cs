using System.Collections.Immutable;
using System.Diagnostics;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Homes;

/// <summary>
/// A shard at its home, from its opening to its end: what the own store is to do next, what may be said to callers, and why it ends. Pure: inputs are method calls, what is to
/// be done is what they return, and time is what the caller says it is. Not thread-safe: the shard's lock guards it.
/// </summary>
/// <remarks>
/// <para>After every input a shell looks at three things: whether the home ended (<see cref="End"/>), what it may tell callers (<see cref="Acknowledged"/>,
/// <see cref="Stable"/>), and what is to be stored (<see cref="NextAppend"/>) or shipped (<see cref="NextShipment"/>).</para>
/// <para>What is durable is told only if the region may act as home when that is known, not when the request came: a home that may not ends instead.</para>
/// <para>A home that ended stages, ships and says nothing more. What the store took of it meanwhile is still noted, because its seat compares.</para>
/// </remarks>
internal sealed class HomeRun
{
    private readonly HomeRunConfig _config;
    private readonly HomeLog _log;
    private readonly Func<bool> _mayAct;
    private readonly LogPosition _opened;
    private HomeAppend? _appending;
    private TimeSpan _pause;
    private Failure? _failure;
    private bool _checkpointing;
    private TimeSpan _checkpointedAt;

    /// <param name="config">How it came to be.</param>
    /// <param name="log">The log as the store has it.</param>
    /// <param name="mayAct">Whether this region may act as home now.</param>
    /// <param name="now">The home's monotonic time.</param>
    public HomeRun(HomeRunConfig config, HomeLog log, Func<bool> mayAct, TimeSpan now)
    {
        (_config, _log, _mayAct, _checkpointedAt, _opened) = (config, log, mayAct, now, log.Stored);
        if (config.Rules.BeginsEpoch && Token.Epoch > 1 && log.Head.LastEpoch != Token.Epoch)
        {
            log.StageEpochStart();
        }

        Acknowledge();
    }

    public FencingToken Token => _log.Config.Token;

    public HomeLog Log => _log;

    /// <summary>Why it ended; null: it has not.</summary>
    public HomeEnd? End { get; private set; }

    /// <summary>The epoch's first entry is in the own store: from then on this region is home of the shard, whatever ends.</summary>
    public bool IsStarted => _log.Stored >= _log.ReadyAt;

    /// <summary>It can take requests.</summary>
    public bool IsReady => _log.IsReady || (_config.IsHanded && IsStarted);

    /// <summary>Everything up to here may be said to be acknowledged, as the family promises.</summary>
    public LogPosition Acknowledged { get; private set; }

    /// <summary>Everything up to here may be said to be on a majority of regions.</summary>
    public LogPosition Stable { get; private set; }

    /// <summary>Up to here, at most, the log was acknowledged: what was before an opening is not known to be again, and is no less acknowledged.</summary>
    public LogPosition AcknowledgedAtMost => LogPosition.Max(Acknowledged, _opened);

    /// <summary>Why requests are refused before they run: the store has failed for a while. Null: they are not. Of this alone the caller need not hold the lock.</summary>
    public string? RefusalAt(TimeSpan now) => Volatile.Read(ref _failure) is { } failure && now - failure.Since > _config.RefusesAfter ? failure.Problem : null;

    /// <summary>Whether a store, asked to promise the shard to a home, can be opened as that home's.</summary>
    /// <param name="token">The home.</param>
    /// <param name="promised">What the store said.</param>
    public static bool MayOpen(FencingToken token, ShardHead promised) => promised.Promised == token && !promised.Copying;

    /// <summary>Gives a request its place in the log (<see cref="HomeLog.Stage"/>).</summary>
    public StageResult Stage(in StageRequest request) => End is null ? _log.Stage(request) : new(StageVerdict.StaleRecord, default, default);

    /// <summary>The row that the own store is to append now; null: none. One at a time is under way, and the next collects meanwhile.</summary>
    public HomeAppend? NextAppend()
    {
        if (End is not null || _appending is not null)
        {
            return null;
        }

        var (previous, epoch) = (_log.Stored, _log.Head.LastEpoch);
        return _log.Seal() is { } entries ? _appending = new(Token, previous, epoch, [.. entries]) : null;
    }

    /// <summary>What became of the append that is under way.</summary>
    /// <returns>After how long the same append is to be tried again; null: that was it.</returns>
    public TimeSpan? Appended(HomeAppend append, HomeAppended outcome, TimeSpan now)
    {
        Debug.Assert(ReferenceEquals(append, _appending), "One row at a time is under way.");
        switch (outcome)
        {
            case HomeAppended.Answered { Verdict: AppendVerdict.Stored } stored when stored.Head.Last == append.Last:
                _appending = null;
                Recover();
                _log.Appended(append.Row, append.Entries, now);
                Acknowledge();
                return null;
            case HomeAppended.Answered { Head: var head } refused:
                Recover();
                Finish(HomeEndCause.Superseded, $"its store refused an append ({refused.Verdict}; promised {head.Promised}, last {head.Last})");
                return null;
            case HomeAppended.Damaged damaged:
                Finish(HomeEndCause.Damaged, damaged.Problem);
                return null;
            case HomeAppended.TooLarge large:
                Finish(HomeEndCause.RowTooLarge, large.Problem);
                return null;
            default:
                return Retry(((HomeAppended.Failed)outcome).Problem, now);
        }
    }

    /// <summary>What to do next for a replica (<see cref="HomeLog.NextShipment"/>).</summary>
    public Shipment? NextShipment(int replica) => End is null ? _log.NextShipment(replica) : null;

    /// <summary>Rows that <see cref="Shipment.Read"/> asked for (<see cref="HomeLog.Offer"/>).</summary>
    public Shipment.Send? Offer(int replica, Shipment.Read read, ImmutableArray<LogRow> rows) => End is null ? _log.Offer(replica, read.Session, rows) : null;

    /// <summary>Takes a replica's reply.</summary>
    /// <param name="replica">The replica.</param>
    /// <param name="sent">What it is the reply to.</param>
    /// <param name="reply">The reply.</param>
    public ReplyEffect Replied(int replica, Shipment.Send sent, AppendReply reply)
    {
        if (End is not null)
        {
            return ReplyEffect.None;
        }

        var effect = _log.Replied(replica, sent.Session, sent.Message, reply);
        switch (effect)
        {
            case ReplyEffect.Fenced:
                Finish(HomeEndCause.Superseded, $"a replica knows a newer home, {reply.Promised}");
                break;
            case ReplyEffect.StoreWentBack:
                Finish(
                    HomeEndCause.StoreWentBack,
                    $"its store went back in time: {_log.Config.Replicas[replica]} has entry {reply.Last} of epoch {reply.LastEpoch}, this store ends at {_log.Stored}. Restore the newer store, or fail this region over");
                break;
            default:
                Acknowledge();
                break;
        }

        return effect;
    }

    /// <summary>See <see cref="HomeLog.IsDrainedInto"/>.</summary>
    public bool IsDrainedInto(int replica) => End is null && _log.IsDrainedInto(replica);

    /// <summary>
    /// Whether no other activation of this shard can have written what this one lacks, by the store's head, which was asked for after the question was. If so, it is so once
    /// this one has stored as much as the head says: what it has on its way there is its own, or the store says that it is not.
    /// </summary>
    public bool IsNewest(ShardHead head)
    {
        if (head.Promised != Token)
        {
            return false;
        }

        if (head.Last > _log.LastStaged)
        {
            Finish(HomeEndCause.Superseded, $"its store ends at {head.LastEpoch}.{head.Last}, which another activation wrote");
        }

        return End is null;
    }

    /// <summary>Has every region forget requests that are old enough.</summary>
    public void EvictOld(TimeSpan now)
    {
        if (IsTidied)
        {
            _log.EvictOld(now);
        }
    }

    /// <summary>The checkpoint that the store is to write now; null: none. One at a time is under way.</summary>
    public HomeCheckpoint? NextCheckpoint(TimeSpan now)
    {
        var target = _config.Rules.BoundsCheckpoint ? _log.CheckpointTarget : _log.Stored;
        var isDue = _log.Tail.EntriesAbove(_log.Head.Checkpoint) >= _config.CheckpointEntries || now - _checkpointedAt >= _config.CheckpointInterval;
        if (!IsTidied || _checkpointing || !isDue || target <= _log.Head.Checkpoint)
        {
            return null;
        }

        _checkpointing = true;
        return new(Token, target, _log.ChangesThrough(target));
    }

    /// <summary>The checkpoint was written; null: whether it was is not known.</summary>
    public void Checkpointed(HomeCheckpoint checkpoint, ShardHead? head, TimeSpan now)
    {
        _checkpointing = false;
        if (head is not null)
        {
            _checkpointedAt = now;
            _log.Checkpointed(head, checkpoint.Changes.Keys);
        }
    }

    /// <summary>Up to where the store is to trim the log now; null: it is not.</summary>
    public LogPosition? NextTrim()
    {
        var target = _config.Rules.BoundsTrim ? _log.TrimTarget : _log.Stored;
        if (!IsTidied || target <= _log.Head.Trimmed)
        {
            return null;
        }

        _log.Trimming(target);
        return target;
    }

    /// <summary>Its seat ends it, or its shell cannot go on.</summary>
    public void Close(string reason) => Finish(HomeEndCause.Closed, reason);

    /// <summary>While the shard is handed over its store may have promised it to another region already.</summary>
    private bool IsTidied => End is null && !_log.IsHandingOver;

    private void Acknowledge()
    {
        if (End is not null)
        {
            return;
        }

        if (!_mayAct())
        {
            Finish(HomeEndCause.LostLease, "its region's lease ended");
            return;
        }

        (Acknowledged, Stable) = (_log.Acknowledged, _log.Stable);
    }

    /// <summary>However long the store fails, the same row is appended: what became of it may be unknown, so that no caller may be told that it failed.</summary>
    private TimeSpan? Retry(string problem, TimeSpan now)
    {
        Volatile.Write(ref _failure, _failure ?? new(now, problem));
        var longest = _config.LongestRetry;
        _pause = _pause == TimeSpan.Zero ? _config.RetryAfter : _pause * 2 < longest ? _pause * 2 : longest;
        return End is null ? _pause : null;
    }

    private void Recover()
    {
        _pause = TimeSpan.Zero;
        Volatile.Write(ref _failure, null);
    }

    private void Finish(HomeEndCause cause, string reason) => End ??= new(cause, reason);

    /// <summary>Since when the store fails, and how.</summary>
    private sealed record Failure(TimeSpan Since, string Problem);
}
