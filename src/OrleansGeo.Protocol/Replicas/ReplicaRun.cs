using OrleansGeo.Protocol.Freshness;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;

namespace OrleansGeo.Protocol.Replicas;

/// <summary>
/// A shard where it is not at home: takes the home's messages and pages one at a time, and says what the own store is to do and what may be read meanwhile. Pure: inputs are method
/// calls, effects are return values, and time is what the caller says it is. Not thread-safe: the shard's lock guards it.
/// </summary>
/// <remarks>
/// <para>A turn is begun by a message, a page or the wish to tidy up, and goes on with each outcome, until an effect says that it is over; no other begins before.</para>
/// <para>What a step of the store that failed did is not known: before anything else is done the log is read again.</para>
/// <para>What was shown once is shown again before anything older is, unless it is gone: cut, or of an epoch that the log does not have any more.</para>
/// </remarks>
internal sealed class ReplicaRun
{
    private static readonly LogPosition Everything = new(long.MaxValue);

    private readonly ReplicaRunConfig _config;
    private readonly Func<bool> _mayShow;
    private readonly FreshnessTracker _freshness;
    private readonly ReplicaShown _shown = new();
    private IEnumerator<ReplicaEffect>? _turn;
    private object? _outcome;

    /// <summary>A step of the store is under way, or failed: it may have taken effect.</summary>
    private bool _isUnknown;

    /// <summary>What is in memory may be gone from the store.</summary>
    private bool _isStopped;

    /// <summary>The cut that is under way, or failed.</summary>
    private ReplicaStep.Cut? _cut;

    /// <summary>The copy that is under way, and the page that it goes on with.</summary>
    private (Guid Copy, int Page)? _copy;
    private string? _refused;
    private TimeSpan _checkpointedAt;

    /// <param name="config">What it is of.</param>
    /// <param name="read">The log as the store has it.</param>
    /// <param name="committed">Up to here this region acknowledged the log itself, while it was home.</param>
    /// <param name="freshAt">Until when it was; null: it was not.</param>
    /// <param name="mayShow">Whether what the store holds may be shown: whether it may lack what was shown before.</param>
    /// <param name="now">The replica's monotonic time.</param>
    public ReplicaRun(ReplicaRunConfig config, ReplicaRead read, LogPosition committed, TimeSpan? freshAt, Func<bool> mayShow, TimeSpan now)
    {
        (_config, _mayShow, _freshness, _checkpointedAt) = (config, mayShow, new(freshAt), now);
        Log = Open(read, committed);
        NoteFreshness();
    }

    /// <summary>Another one after the log was read again.</summary>
    public ReplicaLog Log { get; private set; }

    /// <summary>Why nothing may be read here now, in words; null: what is applied may be.</summary>
    public string? Unreadable => !_mayShow() ? "its region's store was not compared with the other regions yet, and may lack what was shown before"
        : !IsWhole || !_shown.IsReachedBy(Log) ? "its records are being brought up to what was shown before"
        : null;

    /// <summary>Why rows of the own store cannot be read, or the home's were refused last, in words; null: all can be.</summary>
    public string? Problem => Log.Unreadable ?? _refused;

    /// <summary>What of the table of epochs is in every later home's log.</summary>
    public EpochTable Settled => _config.IsRow ? Log.Head.Epochs : Log.Settled;

    /// <summary>What is shown is no older than what was acknowledged then, by this region's clock; null: not known.</summary>
    public TimeSpan? FreshAt => _freshness.FreshAt;

    private bool IsWhole => !_isStopped && !Log.Head.Copying;

    /// <summary>The home said where its log stands.</summary>
    /// <param name="asked">When it was asked, by this region's clock.</param>
    /// <param name="position">Its epoch, and up to where it had acknowledged.</param>
    public void Answered(TimeSpan asked, RecordVersion position)
    {
        _freshness.Answered(asked, position);
        NoteFreshness();
    }

    /// <summary>Begins a turn with a message of the home.</summary>
    public ReplicaEffect Take(AppendMessage message) => Begin(Append(message));

    /// <summary>Begins a turn with a page of a copy. Pages of one copy come in order; one that is not next is refused.</summary>
    public ReplicaEffect Take(CopyMessage message) => Begin(Copy(message));

    /// <summary>Begins a turn in which a checkpoint is written and the log is trimmed, if that is due.</summary>
    public ReplicaEffect Tidy(TimeSpan now) => Begin(Tidied(now));

    /// <summary>An effect was done.</summary>
    /// <param name="outcome">What the effect says it has.</param>
    public ReplicaEffect Done(object? outcome)
    {
        _outcome = outcome;
        return Next();
    }

    /// <summary>An effect failed, or what became of it is not known: the turn is over, without a reply.</summary>
    public void Failed()
    {
        _turn = null;
        if (_cut is not null)
        {
            StopReading();
        }
    }

    private ReplicaEffect Begin(IEnumerable<ReplicaEffect> turn)
    {
        if (_turn is not null)
        {
            throw new InvalidOperationException("One turn at a time.");
        }

        _turn = Known(turn).GetEnumerator();
        return Next();
    }

    private ReplicaEffect Next()
    {
        var turn = _turn ?? throw new InvalidOperationException("No turn has begun.");
        if (!turn.MoveNext())
        {
            throw new InvalidOperationException("A turn ends with what it came to.");
        }

        NoteFreshness();
        _turn = turn.Current.IsEnd ? null : turn;
        return turn.Current;
    }

    /// <summary>Nothing is done with a log of which it is not known whether the store has it.</summary>
    private IEnumerable<ReplicaEffect> Known(IEnumerable<ReplicaEffect> turn)
    {
        if (_isUnknown)
        {
            yield return new ReplicaEffect.Read();
            Reopen();
        }

        foreach (var effect in turn)
        {
            yield return effect;
        }
    }

    private IEnumerable<ReplicaEffect> Append(AppendMessage message)
    {
        while (Log.Receive(message) is var step)
        {
            switch (step)
            {
                case ReplicaStep.Answer answer:
                    yield return Reply(answer.Reply);
                    yield break;
                case ReplicaStep.Cut cut:
                    (_isUnknown, _cut) = (true, cut);
                    yield return new ReplicaEffect.Cut(message.Token, cut.KeepThrough, cut.ForeignEpoch);
                    break;
                case ReplicaStep.Store store:
                    _isUnknown = true;
                    yield return new ReplicaEffect.Append(message.Token, message.Previous, message.PreviousEpoch, store.Message.Rows);
                    var stored = Outcome<ReplicaStored>();
                    var reply = Reply(Log.Stored(store, stored.Verdict, stored.Head));
                    if (stored.Verdict is not (AppendVerdict.Stored or AppendVerdict.Fenced))
                    {
                        // Another activation of this replica changed the store since it was read.
                        StopReading();
                        yield return new ReplicaEffect.Read();
                        Reopen();
                    }

                    _isUnknown = false;
                    yield return reply;
                    yield break;
            }

            yield return new ReplicaEffect.Read();
            Reopen();
        }
    }

    private IEnumerable<ReplicaEffect> Copy(CopyMessage message)
    {
        if (message.Start is { } start)
        {
            // Until the copy is done there is nothing whole to read here.
            var before = _copy;
            _copy = null;
            StopReading();
            yield return new ReplicaEffect.BeginCopy(message.Token, message.Copy, start);
            var isBegun = IsUnderWay(message, Outcome<ShardHead>());
            yield return new ReplicaEffect.Read();
            Reopen();

            // One that the store refused ends no other one.
            _copy = isBegun ? (message.Copy, 0) : before;
        }

        if (_copy != (message.Copy, message.Page))
        {
            yield return new ReplicaEffect.Accepted(false);
            yield break;
        }

        _copy = null;
        if (!message.Entities.IsEmpty)
        {
            yield return new ReplicaEffect.AddToCopy(message.Token, message.Copy, message.Entities, message.Records);
            if (!IsUnderWay(message, Outcome<ShardHead>()))
            {
                _isUnknown = true;
                yield return new ReplicaEffect.Accepted(false);
                yield break;
            }
        }

        if (message.Finish is not { } finish)
        {
            _copy = (message.Copy, message.Page + 1);
            yield return new ReplicaEffect.Accepted(true);
            yield break;
        }

        _isUnknown = true;
        yield return new ReplicaEffect.FinishCopy(message.Token, message.Copy, finish);
        var finished = Outcome<ShardHead>();
        yield return new ReplicaEffect.Read();
        Reopen();
        yield return new ReplicaEffect.Accepted(finished.Promised == message.Token && !finished.Copying);
    }

    private IEnumerable<ReplicaEffect> Tidied(TimeSpan now)
    {
        var target = _config.Rules.BoundsCheckpoint ? Log.CheckpointTarget : Log.Applied;
        var isDue = Log.EntriesAboveCheckpoint >= _config.CheckpointEntries || now - _checkpointedAt >= _config.CheckpointInterval;
        if (isDue && target > Log.Head.Checkpoint)
        {
            var changes = Log.ChangesThrough(target);
            yield return new ReplicaEffect.Checkpoint(Log.Head.Promised, target, changes);
            Log.Checkpointed(Outcome<ShardHead>(), changes.Keys);
            _checkpointedAt = now;
        }

        if (Log.TrimTarget > Log.Head.Trimmed)
        {
            yield return new ReplicaEffect.Trim(Log.Head.Promised, Log.TrimTarget);
            Log.Trimmed(Outcome<ShardHead>());
        }

        yield return new ReplicaEffect.Rest();
    }

    /// <summary>What cannot be read stays so until something can that comes after it.</summary>
    private ReplicaEffect.Answered Reply(AppendReply reply)
    {
        if (reply.Verdict is AppendVerdict.Stored or AppendVerdict.Unreadable)
        {
            _refused = reply.Problem;
        }

        return new(reply);
    }

    private T Outcome<T>() => (T)_outcome!;

    /// <summary>The store takes the copy's pages.</summary>
    private static bool IsUnderWay(CopyMessage message, ShardHead head) => head.Copying && head.Copy == message.Copy && head.Promised == message.Token;

    private void StopReading()
    {
        (_isUnknown, _isStopped) = (true, true);
        Log.Records.Close();
    }

    /// <summary>What was read so far may be gone: begin again from the store, and have every activation load again.</summary>
    private void Reopen()
    {
        var read = Outcome<ReplicaRead>();
        _shown.Reread(Log, read.Head, _cut);
        Log.Records.Close();
        Log = Open(read, LogPosition.Zero);
        (_isUnknown, _isStopped, _cut) = (false, false, null);
    }

    private ReplicaLog Open(ReplicaRead read, LogPosition committed) => new(read.Head, read.Rows, _config.IsRow ? Everything : committed);

    private void NoteFreshness()
    {
        if (IsWhole)
        {
            _freshness.Shows(Log.VerifiedEpoch, Log.Verified, Log.Applied);
        }
    }
}
