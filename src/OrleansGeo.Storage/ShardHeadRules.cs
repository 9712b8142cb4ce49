using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Storage;

/// <summary>What each mutation does to a shard's head. The part of a store that is the same in every store: it evaluates these inside the transaction.</summary>
/// <remarks>
/// A method that answers <c>false</c> refuses: nothing may be written and the head stays as it is. Every accepted mutation raises
/// <see cref="ShardHead.Promised"/>. A shard that is being copied refuses everything but a promise and the copy's own steps.
/// </remarks>
public static class ShardHeadRules
{
    /// <param name="head">The shard as stored.</param>
    /// <param name="command">What to append.</param>
    /// <param name="find">The stored row that begins at a position; null when none does.</param>
    /// <param name="firstMissing">Index of the first row to write; the number of rows when there is nothing to write.</param>
    /// <exception cref="InvalidOperationException">The rows do not follow one another or the log: the writer is wrong.</exception>
    public static AppendResult Append(ShardHead head, AppendCommand command, Func<LogPosition, LogRow?> find, out int firstMissing)
    {
        RequireSequence(command);
        var verdict = AppendFence.Check(
            head, command.Token, command.Previous, command.PreviousEpoch, command.Rows, out firstMissing);
        if (verdict != AppendVerdict.Stored)
        {
            firstMissing = command.Rows.Length;
            return new(verdict, head);
        }

        // Saying "stored" of a row whose end is missing would acknowledge entries that nobody has.
        var isHalfStored = firstMissing > 0 && command.Rows[firstMissing - 1].Last > head.Last;
        if (isHalfStored || AppendFence.Diverges(head.Trimmed, command.Rows, firstMissing, find))
        {
            firstMissing = command.Rows.Length;
            return new(AppendVerdict.Diverged, head);
        }

        // The fence does not compare what was trimmed, so after a copy this is where a wrong history shows.
        if (firstMissing < command.Rows.Length && command.Rows[firstMissing].Epoch < head.LastEpoch)
        {
            throw new InvalidOperationException(
                $"The row at {command.Rows[firstMissing].First} is of epoch {command.Rows[firstMissing].Epoch}, and the entry {head.Last} before it of epoch {head.LastEpoch}: epochs only rise.");
        }

        return new(verdict, AppendFence.Advance(head, command.Token, command.Rows, firstMissing));
    }

    /// <summary>Promises a token: from then on the store refuses every lower one. A shard that is being copied promises too.</summary>
    /// <param name="head">The shard as stored.</param>
    /// <param name="token">The token to promise.</param>
    /// <param name="next">The head afterwards; <paramref name="head"/> when it is refused.</param>
    /// <returns>False when a higher epoch was promised, or this epoch to another region.</returns>
    public static bool Promise(ShardHead head, FencingToken token, out ShardHead next)
    {
        var accepted = !token.IsFencedBy(head.Promised);
        next = accepted ? head with { Promised = token } : head;
        return accepted;
    }

    /// <remarks>The store must check that <paramref name="keepThrough"/> ends a row, with <see cref="MiddleOfRow"/>.</remarks>
    /// <exception cref="InvalidOperationException">The cut would go below the checkpoint.</exception>
    public static bool Cut(ShardHead head, FencingToken token, LogPosition keepThrough, long foreignEpoch, out ShardHead next)
    {
        if (!Accepts(head, token, out next))
        {
            return false;
        }

        if (keepThrough >= head.Last || head.Epochs.EpochAt(keepThrough.Next) != foreignEpoch)
        {
            next = head;
            return false;
        }

        if (keepThrough < head.Checkpoint)
        {
            throw new InvalidOperationException(
                $"Cannot cut after {keepThrough}: the checkpoint is at {head.Checkpoint}, and what it contains is stable.");
        }

        next = next with { Last = keepThrough, Epochs = head.Epochs.Cut(keepThrough) };
        return true;
    }

    /// <exception cref="InvalidOperationException"><paramref name="through"/> is past the last stored entry.</exception>
    public static bool Checkpoint(ShardHead head, FencingToken token, LogPosition through, out ShardHead next)
    {
        if (!Accepts(head, token, out next))
        {
            return false;
        }

        if (through <= head.Checkpoint)
        {
            next = head;
            return false;
        }

        if (through > head.Last)
        {
            throw new InvalidOperationException($"Cannot move the checkpoint to {through}: the last stored entry is {head.Last}.");
        }

        next = next with { Checkpoint = through };
        return true;
    }

    /// <remarks>The store then moves <see cref="ShardHead.Trimmed"/> to the end of the last row that it deleted.</remarks>
    /// <exception cref="InvalidOperationException"><paramref name="through"/> is past the checkpoint.</exception>
    public static bool Trim(ShardHead head, FencingToken token, LogPosition through, out ShardHead next)
    {
        if (!Accepts(head, token, out next))
        {
            return false;
        }

        return through <= head.Checkpoint
            ? true
            : throw new InvalidOperationException($"Cannot trim through {through}: the checkpoint is at {head.Checkpoint}.");
    }

    /// <param name="head">The shard as stored.</param>
    /// <param name="token">Who copies.</param>
    /// <param name="command">The step.</param>
    /// <param name="next">The head afterwards.</param>
    /// <param name="foreignAfter">When a copy begins: rows after this position are not the home's, and go to the ledger.</param>
    /// <exception cref="InvalidOperationException">The copy's checkpoint is before the start of its log.</exception>
    public static bool Copy(ShardHead head, FencingToken token, CopyCommand command, out ShardHead next, out LogPosition foreignAfter)
    {
        next = head;
        foreignAfter = head.Last;
        var may = command is CopyCommand.Begin begin
            ? CopyFence.MayBegin(head, token, begin.Start, out foreignAfter)
            : head.Copying && head.Copy == command.Copy && !token.IsFencedBy(head.Promised);
        if (!may)
        {
            return false;
        }

        next = (head with { Promised = token }) switch
        {
            // Last and epochs stay: they are the report of the old tail. Log and records are gone, and so is what they reached.
            var begun when command is CopyCommand.Begin => begun with
            {
                Copying = true,
                Copy = command.Copy,
                Trimmed = LogPosition.Zero,
                Checkpoint = LogPosition.Zero,
            },
            var finished when command is CopyCommand.Finish finish => Finish(finished, finish),
            var added => added,
        };
        return true;
    }

    /// <summary>The refusal of a cut that would leave half a row.</summary>
    public static InvalidOperationException MiddleOfRow(LogPosition keepThrough, LogPosition first, LogPosition last) =>
        new($"Cannot cut after {keepThrough}: it is in the middle of the row {first}-{last}. Cut where a row ends.");

    private static ShardHead Finish(ShardHead head, CopyCommand.Finish finish)
    {
        if (finish.Checkpoint < finish.Trimmed)
        {
            throw new InvalidOperationException(
                $"Cannot finish the copy: its checkpoint {finish.Checkpoint} is before the start of its log, {finish.Trimmed}.");
        }

        return head with
        {
            Copying = false,
            Last = finish.Trimmed,
            Trimmed = finish.Trimmed,
            Checkpoint = finish.Checkpoint,
            Epochs = finish.Epochs.Cut(finish.Trimmed),
        };
    }

    private static bool Accepts(ShardHead head, FencingToken token, out ShardHead next)
    {
        next = head;
        if (token.IsFencedBy(head.Promised) || head.Copying)
        {
            return false;
        }

        next = head with { Promised = token };
        return true;
    }

    private static void RequireSequence(AppendCommand command)
    {
        var last = command.Previous;
        var epoch = command.PreviousEpoch;
        foreach (var row in command.Rows)
        {
            if (row.First != last.Next || row.Last < row.First || row.Epoch < epoch || row.Epoch > command.Token.Epoch)
            {
                throw new InvalidOperationException(
                    $"The row {row.First}-{row.Last} of epoch {row.Epoch} cannot follow entry {last} of epoch {epoch} in an append by {command.Token}.");
            }

            last = row.Last;
            epoch = row.Epoch;
        }
    }
}
