using System.Collections.Immutable;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Replicas;

/// <summary>
/// A shard's log in a region that is not its home: takes appends, and shows what the home committed.
/// Pure, and guarded by the shard's lock. Messages are taken one at a time, in any order in which they arrive.
/// </summary>
/// <remarks>
/// <para>A delayed or repeated message changes nothing. A short append never cuts; a cut happens only where an entry's epoch differs.</para>
/// <para>Applied up to min(announced commit, last position verified by an append of that epoch): a commit position alone proves nothing
/// about the entries that stand here, because they may be the suffix of an epoch that was lost.</para>
/// <para>A row is decoded before the store has it, and the store's head says so. One that cannot be read here is refused, with all that follows it: were it
/// stored, what it changed would be missing from the records for good. One that stands in the store already (the region went back to an earlier version) ends
/// what is read here, and nothing is taken beyond it.</para>
/// </remarks>
internal sealed class ReplicaLog
{
    private readonly LogTail _tail = new();
    private LogPosition _commit;
    private LogPosition _announcedStable;
    private LogPosition _readable = new(long.MaxValue);

    /// <param name="head">The store's head.</param>
    /// <param name="aboveCheckpoint">The store's rows above its checkpoint, in order.</param>
    /// <param name="committed">Up to here this region acknowledged the log itself, while it was home: it goes on showing that.</param>
    public ReplicaLog(ShardHead head, IEnumerable<LogRow> aboveCheckpoint, LogPosition committed = default)
    {
        Head = head;
        Applied = head.Checkpoint;
        Stable = head.Checkpoint;
        foreach (var row in aboveCheckpoint)
        {
            // What another activation stored since the head was read comes again, as a message.
            if (row.Last > head.Last || !TryRead(row))
            {
                break;
            }
        }

        Apply(LogPosition.Min(committed, head.Last));
    }

    public ShardHead Head { get; private set; }

    /// <summary>Up to here this log is known to be the home's, in the epoch of <see cref="VerifiedEpoch"/>.</summary>
    public LogPosition Verified { get; private set; }

    public long VerifiedEpoch { get; private set; }

    /// <summary>Up to here the entries can be seen in <see cref="Records"/>.</summary>
    public LogPosition Applied { get; private set; }

    /// <summary>Up to here the table of epochs tells what can be seen. Records that were copied are newer than the log beside them, until that has caught up.</summary>
    public LogPosition Shown => LogPosition.Min(Applied, Head.Last);

    /// <summary>Up to here this log is on a majority of regions, as far as this replica was told. Never past what is verified: what stands
    /// above may be the suffix of an epoch that was lost, even if it was applied.</summary>
    public LogPosition Stable { get; private set; }

    /// <summary>
    /// What of the table of epochs is in every later home's log. The own log may end with an epoch that was lost itself, also if it came from that epoch's home, and
    /// the history that goes on does without it.
    /// </summary>
    public EpochTable Settled => Head.Epochs.Cut(Stable);

    /// <summary>Why the store's own rows cannot be read to their end, in words; null: they can.</summary>
    public string? Unreadable { get; private set; }

    /// <summary>The home's log begins after this entry.</summary>
    public LogPosition HomeTrimmed { get; private set; }

    public ShardRecords Records { get; } = new();

    /// <summary>What to do with a message of the home.</summary>
    public ReplicaStep Receive(AppendMessage message)
    {
        var verdict = AppendFence.Check(Head, message.Token, message.Previous, message.PreviousEpoch, message.Rows, out var firstMissing);
        switch (verdict)
        {
            case AppendVerdict.Stored:
                var missing = Decode(message.Rows, firstMissing, out var problem);
                message = problem is null ? message : message with { Rows = message.Rows[..(firstMissing + missing.Length)] };

                // Rows that stand here already the store compares: they may be other rows, of a home whose store forgot that it had written there.
                return message.Rows.IsEmpty && Head.Promised == message.Token
                    ? new ReplicaStep.Answer(Verify(message, problem))
                    : new ReplicaStep.Store(message, missing, problem);
            case AppendVerdict.Conflict when FirstForeignRow(message) is { } foreign:
                return new ReplicaStep.Cut(foreign.Previous, Head.Epochs.EpochAt(foreign));
            default:
                return new ReplicaStep.Answer(Reply(verdict, message));
        }
    }

    /// <summary>The store took (or refused) the step's message.</summary>
    /// <remarks>A store that sees a gap, a conflict or a copy where this log saw none was changed by another activation: open the log again.</remarks>
    public AppendReply Stored(ReplicaStep.Store step, AppendVerdict verdict, ShardHead head)
    {
        Head = Head with { Promised = head.Promised };
        if (verdict != AppendVerdict.Stored)
        {
            return Reply(verdict, step.Message);
        }

        // Not the store's last position: another activation may have stored more, and those rows are not in this one's tail.
        foreach (var decoded in step.Missing)
        {
            if (decoded.Row is var row && row.First == Head.Last.Next)
            {
                Head = Head with { Last = row.Last, Epochs = Head.Epochs.Append(row.Epoch, row.First) };
                Keep(decoded);
            }
        }

        return Verify(step.Message, step.Problem);
    }

    /// <summary>The position to which the checkpoint can be moved now; the present one when there is nothing to do.</summary>
    public LogPosition CheckpointTarget => _tail.RowEndAtOrBefore(LogPosition.Min(Stable, Applied), Head.Checkpoint);

    public int EntriesAboveCheckpoint => _tail.EntriesAbove(Head.Checkpoint);

    public Dictionary<string, EntityRecord> ChangesThrough(LogPosition through) => HomeLog.Fold(_tail.Between(Head.Checkpoint, through));

    public void Checkpointed(ShardHead head, IEnumerable<string> entities)
    {
        Head = Head with { Checkpoint = LogPosition.Max(Head.Checkpoint, head.Checkpoint) };
        Records.Checkpointed(entities, Head.Checkpoint);
        _tail.Forget(Head.Checkpoint);
    }

    /// <summary>The position through which the log can be trimmed now: it retains what the home retains.</summary>
    public LogPosition TrimTarget => LogPosition.Max(Head.Trimmed, LogPosition.Min(HomeTrimmed, Head.Checkpoint));

    public void Trimmed(ShardHead head) => Head = Head with { Trimmed = LogPosition.Max(Head.Trimmed, head.Trimmed) };

    /// <summary>The message's entries stand here, as the home has them: note it, and show what is committed.</summary>
    /// <param name="message">The message, as far as it can be read here.</param>
    /// <param name="problem">Why it cannot be read further; null: that was all.</param>
    private AppendReply Verify(AppendMessage message, string? problem)
    {
        if (message.Token.Epoch > VerifiedEpoch)
        {
            VerifiedEpoch = message.Token.Epoch;
            Verified = LogPosition.Zero;
            _commit = LogPosition.Zero;
            _announcedStable = LogPosition.Zero;
        }

        Verified = LogPosition.Max(Verified, message.Through);
        _commit = LogPosition.Max(_commit, message.Commit);
        _announcedStable = LogPosition.Max(_announcedStable, message.Stable);
        Stable = LogPosition.Max(Stable, LogPosition.Min(_announcedStable, Verified));
        HomeTrimmed = LogPosition.Max(HomeTrimmed, message.Trimmed);
        Apply(LogPosition.Min(_commit, Verified));
        var reply = Reply(AppendVerdict.Stored, message);
        if (problem is null && message.Through <= _readable)
        {
            return reply;
        }

        // What stands here and cannot be read counts for nothing: if this region had to become home, it could not.
        var at = LogPosition.Min(reply.At, _readable);
        return reply with { Verdict = AppendVerdict.Unreadable, At = at, AtEpoch = Head.Epochs.EpochAt(at), Problem = problem ?? Unreadable };
    }

    private void Apply(LogPosition through)
    {
        foreach (var entry in _tail.Between(Applied, through))
        {
            Records.Apply(entry);
        }

        Applied = _tail.RowEndAtOrBefore(through, Applied);
    }

    private void Keep(DecodedRow decoded)
    {
        if (decoded.Row.Last > Head.Checkpoint)
        {
            _tail.Add(decoded.Row, decoded.Entries);
        }
    }

    /// <summary>Takes a row that the store has had before.</summary>
    private bool TryRead(LogRow row)
    {
        try
        {
            Keep(new(row, row.Last > Head.Checkpoint ? LogRowCodec.Decode(row) : []));
            return true;
        }
        catch (FormatException exception)
        {
            (Unreadable, _readable) = (exception.Message, row.First.Previous);
            return false;
        }
    }

    /// <summary>The rows from one on, up to one that cannot be read here.</summary>
    private ImmutableArray<DecodedRow> Decode(ImmutableArray<LogRow> rows, int first, out string? problem)
    {
        problem = null;
        if (first == rows.Length)
        {
            return [];
        }

        if (Unreadable is not null)
        {
            problem = Unreadable;
            return [];
        }

        var decoded = ImmutableArray.CreateBuilder<DecodedRow>(rows.Length - first);
        try
        {
            for (var i = first; i < rows.Length; i++)
            {
                decoded.Add(new(rows[i], LogRowCodec.Decode(rows[i])));
            }
        }
        catch (FormatException exception)
        {
            problem = exception.Message;
        }

        return decoded.DrainToImmutable();
    }

    private LogPosition? FirstForeignRow(AppendMessage message)
    {
        if (message.Previous > Head.Trimmed && Head.Epochs.EpochAt(message.Previous) != message.PreviousEpoch)
        {
            return null;
        }

        foreach (var row in message.Rows)
        {
            if (row.First <= Head.Last && row.Last > Head.Trimmed && Head.Epochs.EpochAt(row.First) != row.Epoch)
            {
                return row.First;
            }
        }

        return null;
    }

    private AppendReply Reply(AppendVerdict verdict, AppendMessage message)
    {
        var at = verdict switch
        {
            AppendVerdict.Stored => message.Through,
            AppendVerdict.Conflict => LogPosition.Max(Head.Trimmed, Head.Epochs.EndOf(message.PreviousEpoch, message.Previous)),
            _ => Head.Last,
        };
        return new(verdict, at, Head.Epochs.EpochAt(at), Head.Last, Head.LastEpoch, Head.Promised);
    }
}
