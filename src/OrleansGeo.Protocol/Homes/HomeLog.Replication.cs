using System.Collections.Immutable;
using System.Diagnostics;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Homes;

internal sealed partial class HomeLog
{
    /// <summary>The position up to which the replica is known to hold this log.</summary>
    public LogPosition MatchOf(int replica) => _replicas[replica].Match;

    /// <summary>Whether the replica answered since its link came up.</summary>
    public bool IsKnown(int replica) => _replicas[replica].IsKnown;

    /// <summary>Why the replica cannot read the log to its end, in words: its region is of an earlier version, or a row was damaged. Null: it can, as far as is known.</summary>
    public string? RefusalOf(int replica) => _replicas[replica].Refusal;

    /// <summary>Whether the replica holds what the epochs before this one left: it cut whatever else it had.</summary>
    public bool HasSettled(int replica) => MatchOf(replica) >= ReadyAt;

    /// <summary>How many entries the replica is behind; null while that is not known, or while it cannot read what it lacks.</summary>
    public long? LagOf(int replica) => IsKnown(replica) && RefusalOf(replica) is null ? Stored.Value - MatchOf(replica).Value : null;

    /// <summary>Whatever is under way to this replica is in doubt: start over by asking where it stands.</summary>
    public void Restart(int replica) => _replicas[replica].StartSession();

    /// <summary>What to do next for a replica; null: wait for a reply or for news.</summary>
    public Shipment? NextShipment(int replica)
    {
        var progress = _replicas[replica];
        if (progress.IsBusy || progress.HasRefused)
        {
            return null;
        }

        if (!progress.IsKnown)
        {
            return progress.MessagesInFlight == 0 ? Ask(progress) : EagerRows(progress);
        }

        if (progress.NeedsCopy)
        {
            if (progress.MessagesInFlight > 0)
            {
                return null;
            }

            progress.IsBusy = true;
            return new Shipment.Copy(progress.Session);
        }

        if (progress.Next <= Stored)
        {
            return progress.BytesInFlight >= _config.ReplicationWindowBytes ? null : Rows(progress);
        }

        return progress.MessagesInFlight == 0 && progress.Announced < Acknowledged ? Send(progress, progress.Next.Previous, []) : null;
    }

    /// <summary>Rows that <see cref="Shipment.Read"/> asked for. Null when the session ended meanwhile, or when they are gone.</summary>
    public Shipment.Send? Offer(int replica, int session, ImmutableArray<LogRow> rows)
    {
        var progress = _replicas[replica];
        if (progress.Session != session || !progress.IsBusy)
        {
            return null;
        }

        progress.IsBusy = false;

        // The store may have a row whose append has not been reported yet; it is not part of this log before that.
        rows = rows.RemoveAll(row => row.Last > Stored);
        if (rows.IsEmpty || rows[0].First != progress.Next)
        {
            progress.StartSession();
            return null;
        }

        return Send(progress, progress.Next.Previous, rows);
    }

    /// <summary>How a copy of the records that begins now says that it begins, and ends. The records that are read after this are newer, never older.</summary>
    public (CopyStart Start, CopyFinish Finish) BeginCopy() => (new(Gone, Head.Last, Head.Epochs), new(Gone, Head.Checkpoint, Head.Epochs));

    /// <summary>A copy ended, well or not: ask the replica where it stands.</summary>
    public void Copied(int replica, int session)
    {
        if (_replicas[replica].Session == session)
        {
            _replicas[replica].StartSession();
        }
    }

    /// <summary>Takes a replica's reply to a message of a session.</summary>
    public ReplyEffect Replied(int replica, int session, AppendMessage message, AppendReply reply)
    {
        var progress = _replicas[replica];
        if (reply.Promised.Epoch > _config.Token.Epoch || reply.Verdict == AppendVerdict.Fenced)
        {
            return ReplyEffect.Fenced;
        }

        if ((reply.LastEpoch == _config.Token.Epoch && reply.Last > Stored) || reply.Verdict == AppendVerdict.Diverged)
        {
            // It has what this region wrote under this very epoch, and this store has not.
            return ReplyEffect.StoreWentBack;
        }

        if (reply.Verdict is AppendVerdict.Stored or AppendVerdict.Unreadable)
        {
            // True whatever the session: this epoch's log only grows.
            Debug.Assert(reply.At <= Stored, "A replica cannot verify what the home has not.");
            progress.Match = LogPosition.Max(progress.Match, reply.At);
            Advance();
        }

        if (progress.Session != session)
        {
            return ReplyEffect.None;
        }

        progress.MessagesInFlight--;
        progress.BytesInFlight -= message.Rows.Sum(static row => (long)row.Bytes.Length);
        switch (reply.Verdict)
        {
            case AppendVerdict.Unreadable:
                progress.StartSession();
                progress.HasRefused = true;
                progress.Refusal = reply.Problem ?? "it does not say why";
                return ReplyEffect.Refused;
            case AppendVerdict.Stored:
                progress.Refusal = null;
                progress.IsKnown = true;
                progress.Next = LogPosition.Max(progress.Next, progress.Match.Next);
                break;
            case AppendVerdict.Copying:
                progress.StartSession();
                progress.Match = LogPosition.Zero;
                progress.IsKnown = true;
                progress.NeedsCopy = true;
                break;
            default:
                Realign(progress, reply);
                break;
        }

        return ReplyEffect.None;
    }

    /// <summary>After a gap or a conflict: go on from the last entry that both logs can have in common.</summary>
    private void Realign(ReplicaProgress progress, AppendReply reply)
    {
        var common = LogPosition.Min(reply.At, Head.Epochs.EndOf(reply.AtEpoch, Stored));
        progress.StartSession();
        progress.IsKnown = true;

        // Its store may have gone back in time. Counting less than there is only costs a message.
        progress.Match = LogPosition.Min(progress.Match, common);
        progress.Next = common.Next;
        progress.NeedsCopy = common < Gone;
    }

    /// <summary>
    /// Asks where the replica stands, with the last row if that is at hand: a position and an epoch alone do not tell this log from one that this region's store forgot.
    /// </summary>
    private Shipment.Send Ask(ReplicaProgress progress) => _tail.LastRow is { } last && last.Last == Stored && last.Bytes.Length <= _config.ReplicationWindowBytes
        ? Send(progress, last.First.Previous, [last])
        : Send(progress, Stored, []);

    /// <summary>
    /// What was stored since the replica was asked where it stands: nearly always it stands there, and an epoch's first entry is stable one
    /// round trip earlier. One message; if the replica stands elsewhere it refuses, and the session starts over.
    /// </summary>
    private Shipment.Send? EagerRows(ReplicaProgress progress)
    {
        if (progress.MessagesInFlight > 1 || progress.Next > Stored)
        {
            return null;
        }

        var rows = _tail.From(progress.Next, _config.ReplicationWindowBytes);
        return rows.IsEmpty ? null : Send(progress, progress.Next.Previous, rows);
    }

    private Shipment? Rows(ReplicaProgress progress)
    {
        if (progress.Next <= Gone)
        {
            progress.NeedsCopy = true;
            return NextShipment(Array.IndexOf(_replicas, progress));
        }

        var rows = _tail.From(progress.Next, _config.ReplicationWindowBytes - progress.BytesInFlight);
        if (!rows.IsEmpty)
        {
            return Send(progress, progress.Next.Previous, rows);
        }

        progress.IsBusy = true;
        return new Shipment.Read(progress.Session, progress.Next);
    }

    private Shipment.Send Send(ReplicaProgress progress, LogPosition previous, ImmutableArray<LogRow> rows)
    {
        var message = new AppendMessage(_config.Token, previous, Head.Epochs.EpochAt(previous), rows, Acknowledged, Stable, Head.Trimmed);
        progress.MessagesInFlight++;
        progress.BytesInFlight += rows.Sum(static row => (long)row.Bytes.Length);
        progress.Next = message.Through.Next;
        progress.Announced = Acknowledged;
        return new(progress.Session, message);
    }
}
