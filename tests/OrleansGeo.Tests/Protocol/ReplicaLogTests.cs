using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Protocol.Replicas;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Topology;
using static OrleansGeo.Tests.Protocol.Entries;

namespace OrleansGeo.Tests.Protocol;

public sealed class ReplicaLogTests
{
    private static readonly FencingToken Home = Token("a", 2);

    private static AppendMessage Message(long previous, long previousEpoch, LogRow[] rows, long commit = 0, long stable = 0, FencingToken? token = null, long trimmed = 0) =>
        new(token ?? Home, At(previous), previousEpoch, [.. rows], At(commit), At(stable), At(trimmed));

    private static ReplicaLog Open(FencingToken token, params LogRow[] rows) => new(Head(token, [.. rows]), rows);

    /// <summary>Takes a message as a store that accepts it would.</summary>
    private static AppendReply Take(ReplicaLog log, AppendMessage message)
    {
        switch (log.Receive(message))
        {
            case ReplicaStep.Answer answer:
                return answer.Reply;
            case ReplicaStep.Store { Message.Rows: var rows } step:
                var verdict = AppendFence.Check(log.Head, message.Token, message.Previous, message.PreviousEpoch, rows, out var missing);
                return log.Stored(step, verdict, AppendFence.Advance(log.Head, message.Token, rows, missing));
            default:
                throw new InvalidOperationException("A cut.");
        }
    }

    [Fact]
    public void Rows_are_stored_verified_and_shown_once_they_are_committed()
    {
        var log = Open(default);
        var live = log.Records.Hold("e");
        ShardRecords.Loaded(live, EntityRecord.Empty);
        var reply = Take(log, Message(0, 0, [Row(2, 1), Row(2, 2)], commit: 1));
        Assert.Equal((AppendVerdict.Stored, At(2), At(2), Home), (reply.Verdict, reply.At, reply.Last, reply.Promised));
        Assert.Equal((At(2), At(1), new RecordVersion(2, At(1))), (log.Verified, log.Applied, live.Current!.Version));
        Take(log, Message(2, 2, [], commit: 9));
        Assert.Equal((At(2), new RecordVersion(2, At(2))), (log.Applied, live.Current.Version));
    }

    [Fact]
    public void A_gap_says_where_the_log_ends()
    {
        var reply = Take(Open(Home, Row(1, 1), Row(2, 2)), Message(5, 2, [Row(2, 6)]));
        Assert.Equal((AppendVerdict.Gap, At(2), 2), (reply.Verdict, reply.At, reply.AtEpoch));
    }

    [Fact]
    public void A_conflict_before_the_rows_is_narrowed_by_the_epoch_that_the_home_has_there()
    {
        // Here: 1 1 1 1 2 2. The home of epoch 4: 1 1 3 3 3 4.
        var log = Open(Token("b", 2), Row(1, 1, 2), Row(1, 3, 4), Row(2, 5, 6));
        var home = Token("a", 4);
        var reply = Take(log, Message(6, 4, [], token: home));
        Assert.Equal((AppendVerdict.Conflict, At(6), 2), (reply.Verdict, reply.At, reply.AtEpoch));
        reply = Take(log, Message(5, 3, [], token: home));
        Assert.Equal((AppendVerdict.Conflict, At(5), 2), (reply.Verdict, reply.At, reply.AtEpoch));
        var cut = Assert.IsType<ReplicaStep.Cut>(log.Receive(Message(2, 1, [Row(3, 3, 5)], token: home)));
        Assert.Equal(new(At(2), 1), cut);
    }

    [Fact]
    public void Only_a_row_of_another_epoch_cuts_never_a_short_append()
    {
        var log = Open(Home, Row(1, 1), Row(2, 2), Row(2, 3));
        Assert.Equal(AppendVerdict.Stored, Take(log, Message(0, 0, [Row(1, 1)])).Verdict);
        Assert.Equal(At(3), log.Head.Last);
        Assert.IsType<ReplicaStep.Cut>(log.Receive(Message(1, 1, [Row(3, 2)], token: Token("b", 3))));
    }

    [Fact]
    public void A_commit_position_alone_shows_nothing()
    {
        // 2 and 3 are the suffix of a lost epoch; the new home verified only 1.
        var log = Open(Token("b", 1), Row(1, 1), Row(1, 2), Row(1, 3));
        Take(log, Message(0, 0, [Row(1, 1)], commit: 3, stable: 3));
        Assert.Equal((At(1), At(1), At(1)), (log.Verified, log.Applied, log.Stable));
    }

    [Fact]
    public void What_a_region_shard_applied_of_a_lost_epoch_is_never_checkpointed()
    {
        var log = Open(Token("b", 1));
        Take(log, Message(0, 0, [Row(1, 1), Row(1, 2), Row(1, 3)], commit: 3, token: Token("b", 1)));
        Assert.Equal((At(3), At(0)), (log.Applied, log.CheckpointTarget));
        Take(log, Message(0, 0, [Row(1, 1)], commit: 3, stable: 3));
        Assert.Equal(At(1), log.CheckpointTarget);
    }

    [Fact]
    public void Late_and_doubled_messages_change_nothing()
    {
        var log = Open(default);
        Take(log, Message(0, 0, [Row(2, 1), Row(2, 2)], commit: 2, stable: 2));
        var old = Message(0, 0, [Row(2, 1)], commit: 1);
        Assert.Equal(AppendVerdict.Stored, Take(log, old).Verdict);
        Assert.Equal((At(2), At(2), At(2), At(2)), (log.Head.Last, log.Verified, log.Applied, log.Stable));
        Assert.Equal(AppendVerdict.Fenced, Take(log, Message(2, 1, [Row(1, 3)], token: Token("b", 1))).Verdict);
        Assert.Equal(AppendVerdict.Fenced, Take(log, Message(2, 2, [], token: Token("b", 2))).Verdict);
        Assert.Equal(At(2), log.Head.Last);
    }

    [Fact]
    public void A_new_epoch_verifies_afresh_and_raises_the_promise_by_the_store()
    {
        var log = Open(Home, Row(2, 1));
        Take(log, Message(1, 2, [], commit: 1));
        Assert.Equal((At(1), 2), (log.Verified, log.VerifiedEpoch));
        var next = Message(1, 2, [], token: Token("b", 3));
        Assert.IsType<ReplicaStep.Store>(log.Receive(next));
        Take(log, next);
        Assert.Equal((3, Token("b", 3)), (log.VerifiedEpoch, log.Head.Promised));
    }

    /// <summary>Another activation stored more: this one must not take those rows for its own, because its tail does not have them.</summary>
    [Fact]
    public void Rows_that_another_activation_stored_are_not_skipped()
    {
        var log = Open(default);
        var live = log.Records.Hold("e");
        ShardRecords.Loaded(live, EntityRecord.Empty);
        LogRow[] rows = [Row(2, 1), Row(2, 2), Row(2, 3)];
        var store = Head(Home, [.. rows]);
        Stored(Message(0, 0, [rows[0]]));
        Assert.Equal(At(1), log.Head.Last);
        Stored(Message(1, 2, [rows[1]]));
        Stored(Message(2, 2, [rows[2]], commit: 3, stable: 3));
        Assert.Equal((At(3), new RecordVersion(2, At(3))), (log.Applied, live.Current!.Version));
        Assert.Equal(3, log.EntriesAboveCheckpoint);

        void Stored(AppendMessage message) => log.Stored(Assert.IsType<ReplicaStep.Store>(log.Receive(message)), AppendVerdict.Stored, store);
    }

    /// <summary>Had the store got it, the next message would be answered "stored", and the checkpoint would lack what the row changed, for good.</summary>
    [Fact]
    public void A_row_that_cannot_be_read_is_refused_before_it_is_stored_and_taken_once_it_can_be()
    {
        var log = Open(default);
        Take(log, Message(0, 0, [Row(2, 1)], commit: 1));
        var refused = Assert.IsType<ReplicaStep.Answer>(log.Receive(Message(1, 2, [Newer(Row(2, 2))], commit: 1))).Reply;
        Assert.Equal((AppendVerdict.Unreadable, At(1), 2, At(1)), (refused.Verdict, refused.At, refused.AtEpoch, refused.Last));
        Assert.Contains("newer version", refused.Problem, StringComparison.Ordinal);

        // Neither does a question, a repetition or what follows make it stored.
        Assert.Equal(AppendVerdict.Gap, Take(log, Message(2, 2, [], commit: 2)).Verdict);
        Assert.Equal(AppendVerdict.Unreadable, Take(log, Message(1, 2, [Newer(Row(2, 2))], commit: 2)).Verdict);
        Assert.Equal(AppendVerdict.Gap, Take(log, Message(2, 2, [Row(2, 3)], commit: 3)).Verdict);
        Assert.Equal((At(1), At(1), At(1)), (log.Head.Last, log.Verified, log.Applied));

        Assert.Equal(AppendVerdict.Stored, Take(log, Message(1, 2, [Row(2, 2), Row(2, 3)], commit: 3, stable: 3)).Verdict);
        Assert.Equal((At(3), At(3)), (log.Applied, log.CheckpointTarget));
        Assert.Equal(new(2, At(3)), log.ChangesThrough(At(3))["e"].Version);
    }

    [Fact]
    public void What_comes_before_a_row_that_cannot_be_read_is_stored()
    {
        var log = Open(default);
        var message = Message(0, 0, [Row(2, 1), Row(2, 2), Newer(Row(2, 3)), Row(2, 4)], commit: 2);
        Assert.Equal(2, Assert.IsType<ReplicaStep.Store>(log.Receive(message)).Message.Rows.Length);
        var reply = Take(log, message);
        Assert.Equal((AppendVerdict.Unreadable, At(2), At(2)), (reply.Verdict, reply.At, reply.Last));
        Assert.Equal((At(2), At(2)), (log.Verified, log.Applied));

        // It comes again: the store compares what it has, and takes nothing.
        var again = Assert.IsType<ReplicaStep.Store>(log.Receive(message));
        Assert.Equal((2, true), (again.Message.Rows.Length, again.Missing.IsEmpty));
        reply = log.Stored(again, AppendVerdict.Stored, log.Head);
        Assert.Equal((AppendVerdict.Unreadable, At(2)), (reply.Verdict, reply.At));
    }

    /// <summary>The home's store forgot rows of its own epoch, and it wrote others in their place.</summary>
    [Fact]
    public void Rows_that_stand_here_already_are_compared_by_the_store()
    {
        var log = Open(default);
        Take(log, Message(0, 0, [Row(2, 1), Row(2, 2)], commit: 2));
        var other = Assert.IsType<ReplicaStep.Store>(log.Receive(Message(0, 0, [Row(2, 1), Row(2, 2)], commit: 2)));
        var reply = log.Stored(other, AppendVerdict.Diverged, log.Head);
        Assert.Equal((AppendVerdict.Diverged, At(2)), (reply.Verdict, log.Verified));
    }

    /// <summary>The region runs an earlier version again: what its store holds is not skipped, and nothing is taken that would stand after it.</summary>
    [Fact]
    public void A_log_that_a_newer_version_stored_is_shown_up_to_there_and_takes_nothing_beyond()
    {
        LogRow[] rows = [Row(2, 1), Row(2, 2), Newer(Row(2, 3)), Row(2, 4)];
        var log = new ReplicaLog(Head(Home, [.. rows]), rows);
        Assert.Contains("newer version", log.Unreadable, StringComparison.Ordinal);
        var reply = Take(log, Message(4, 2, [], commit: 4, stable: 4));
        Assert.Equal((AppendVerdict.Unreadable, At(2), log.Unreadable), (reply.Verdict, reply.At, reply.Problem));
        reply = Take(log, Message(4, 2, [Row(2, 5)], commit: 5, stable: 4));
        Assert.Equal((AppendVerdict.Unreadable, At(2), At(4)), (reply.Verdict, reply.At, reply.Last));
        Assert.Equal((At(2), At(2), At(4)), (log.Applied, log.CheckpointTarget, log.Head.Last));
        Assert.Equal(AppendVerdict.Stored, Take(log, Message(1, 2, [Row(2, 2)])).Verdict);
    }

    /// <summary>It is of no use to the records, which are newer. But a home that is promoted here remembers its requests from it.</summary>
    [Fact]
    public void Rows_below_a_copied_checkpoint_must_be_readable_too()
    {
        var log = new ReplicaLog(ShardHead.Empty with { Promised = Home, Checkpoint = At(5) }, []);
        Assert.Equal(AppendVerdict.Unreadable, Take(log, Message(0, 0, [Newer(Row(2, 1))])).Verdict);
        Assert.Equal(AppendVerdict.Stored, Take(log, Message(0, 0, [Row(2, 1)])).Verdict);
        Assert.Equal(0, log.EntriesAboveCheckpoint);
    }

    [Fact]
    public void A_message_that_cuts_or_raises_the_promise_does_so_if_its_rows_can_be_read_or_not()
    {
        var log = Open(Token("b", 1), Row(1, 1), Row(1, 2));
        Assert.IsType<ReplicaStep.Cut>(log.Receive(Message(1, 1, [Newer(Row(2, 2))])));
        log = Open(Token("b", 1), Row(1, 1));
        Assert.Empty(Assert.IsType<ReplicaStep.Store>(log.Receive(Message(1, 1, [Newer(Row(2, 2))]))).Message.Rows);
        Assert.Equal(AppendVerdict.Unreadable, Take(log, Message(1, 1, [Newer(Row(2, 2))])).Verdict);
        Assert.Equal((Home, At(1)), (log.Head.Promised, log.Head.Last));
    }

    [Fact]
    public void Checkpoint_and_trim_follow_what_is_stable_and_what_the_home_trimmed()
    {
        var log = Open(default);
        Take(log, Message(0, 0, [Row(2, 1, 2), Row(2, 3)], commit: 3, stable: 2, trimmed: 3));
        Assert.Equal(At(2), log.CheckpointTarget);
        Assert.Equal(At(0), log.TrimTarget);
        var changes = log.ChangesThrough(At(2));
        Assert.Equal(new(2, At(2)), changes["e"].Version);
        log.Checkpointed(log.Head with { Checkpoint = At(2) }, changes.Keys);
        Assert.Equal(At(2), log.TrimTarget);
        log.Trimmed(log.Head with { Trimmed = At(2) });
        Assert.Equal((At(2), At(2), 1), (log.Head.Trimmed, log.CheckpointTarget, log.EntriesAboveCheckpoint));
    }

    [Fact]
    public void A_copying_replica_says_so()
    {
        var log = new ReplicaLog(Head(Home, Row(2, 1)) with { Copying = true }, []);
        Assert.Equal(AppendVerdict.Copying, Take(log, Message(1, 2, [Row(2, 2)])).Verdict);
    }

    [Fact]
    public void A_copy_begins_only_where_the_log_does_not_reach()
    {
        var home = Head(Home, Row(1, 1, 3), Row(2, 4, 6));
        var start = new CopyStart(At(4), home.Last, home.Epochs);
        Assert.True(CopyFence.MayBegin(Head(Token("b", 1), Row(1, 1, 3), Row(1, 4, 9)), Home, start, out var foreignAfter));
        Assert.Equal(At(3), foreignAfter);
        Assert.False(CopyFence.MayBegin(home, Home, start, out _));
        Assert.False(CopyFence.MayBegin(Head(Token("b", 3), Row(1, 1, 3)), Home, start, out _));
        Assert.True(CopyFence.MayBegin(home with { Copying = true }, Home, start, out _));
    }
}
