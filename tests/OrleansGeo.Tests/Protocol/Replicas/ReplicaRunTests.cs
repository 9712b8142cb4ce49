using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Protocol.Replicas;
using OrleansGeo.Protocol.Topology;
using static OrleansGeo.Tests.Protocol.Entries;
using static OrleansGeo.Tests.Protocol.Replicas.ReplicaBench;

namespace OrleansGeo.Tests.Protocol.Replicas;

/// <summary>What a replica does with its home's messages, and what may be read meanwhile.</summary>
public sealed class ReplicaRunTests
{
    private static readonly FencingToken First = Token("r1", 1);
    private static readonly FencingToken Second = Token("r2", 2);

    [Fact]
    public void A_row_is_stored_before_it_is_answered()
    {
        var bench = new ReplicaBench();
        var effect = bench.Run.Take(Message(First, 0, 0, [Row(1, 1)], commit: 1));
        Assert.Equal(At(0), bench.Run.Log.Applied);
        var reply = Assert.IsType<ReplicaEffect.Answered>(bench.Store(effect)).Reply;
        Assert.Equal((AppendVerdict.Stored, At(1), At(1)), (reply.Verdict, reply.At, bench.Run.Log.Applied));
    }

    [Fact]
    public void One_turn_at_a_time()
    {
        var bench = new ReplicaBench();
        bench.Run.Take(Message(First, 0, 0, [Row(1, 1)]));
        Assert.Throws<InvalidOperationException>(() => bench.Run.Tidy(bench.Now));
    }

    [Fact]
    public void After_a_step_that_failed_the_log_is_read_before_anything_else_and_is_shown_meanwhile()
    {
        var bench = new ReplicaBench([Row(1, 1)], committed: 1);
        bench.Run.Take(Message(First, 1, 1, [Row(1, 2)]));
        bench.Run.Failed();
        Assert.Null(bench.Run.Unreadable);
        Assert.IsType<ReplicaEffect.Append>(bench.Read(bench.Run.Take(Message(First, 1, 1, [Row(1, 2)]))));
        bench.Run.Failed();
        Assert.IsType<ReplicaEffect.Rest>(bench.Read(bench.Run.Tidy(bench.Now)));

        // Known again.
        Assert.IsType<ReplicaEffect.Rest>(bench.Run.Tidy(bench.Now));
    }

    [Fact]
    public void What_a_reading_that_failed_would_have_told_is_asked_again()
    {
        var bench = new ReplicaBench();
        bench.Run.Take(Message(First, 0, 0, [Row(1, 1)]));
        bench.Run.Failed();
        Assert.IsType<ReplicaEffect.Read>(bench.Run.Tidy(bench.Now));
        bench.Run.Failed();
        Assert.IsType<ReplicaEffect.Read>(bench.Run.Tidy(bench.Now));
    }

    [Fact]
    public void What_was_shown_is_shown_again_before_anything_older_is()
    {
        var bench = new ReplicaBench();
        bench.Take(Message(First, 0, 0, [Row(1, 1)], commit: 1));
        var live = Hold(bench);
        bench.Run.Take(Message(First, 1, 1, [Row(1, 2)]));
        bench.Run.Failed();
        bench.Store(bench.Read(bench.Run.Take(Message(First, 1, 1, [Row(1, 2)]))));
        Assert.True(live.IsClosed);
        Assert.Contains("shown before", bench.Run.Unreadable, StringComparison.Ordinal);
        Assert.IsType<ReplicaEffect.Answered>(bench.Run.Take(Message(First, 2, 1, [], commit: 1)));
        Assert.Null(bench.Run.Unreadable);
    }

    [Theory]
    [InlineData(AppendVerdict.Gap)]
    [InlineData(AppendVerdict.Conflict)]
    [InlineData(AppendVerdict.Copying)]
    [InlineData(AppendVerdict.Diverged)]
    public void A_store_that_another_activation_changed_is_read_before_the_answer(AppendVerdict verdict)
    {
        var bench = new ReplicaBench();
        bench.Run.Take(Message(First, 0, 0, [Row(1, 1)]));
        var read = bench.Run.Done(new ReplicaStored(verdict, bench.Head));
        Assert.NotNull(bench.Run.Unreadable);
        Assert.Equal(verdict, Assert.IsType<ReplicaEffect.Answered>(bench.Read(read)).Reply.Verdict);
        Assert.Null(bench.Run.Unreadable);
        Assert.IsType<ReplicaEffect.Rest>(bench.Run.Tidy(bench.Now));
    }

    [Fact]
    public void A_store_that_knows_a_newer_home_is_as_it_was()
    {
        var bench = new ReplicaBench();
        bench.Run.Take(Message(First, 0, 0, [Row(1, 1)]));
        Assert.IsType<ReplicaEffect.Answered>(bench.Run.Done(new ReplicaStored(AppendVerdict.Fenced, bench.Head with { Promised = Second })));
        Assert.IsType<ReplicaEffect.Rest>(bench.Run.Tidy(bench.Now));
    }

    [Fact]
    public void Rows_of_a_lost_epoch_are_cut_and_the_message_is_taken_again()
    {
        var bench = new ReplicaBench([Row(1, 1), Row(1, 2)], committed: 2);
        var cut = Assert.IsType<ReplicaEffect.Cut>(bench.Run.Take(Message(Second, 1, 1, [Row(2, 2)], commit: 2)));
        Assert.Equal((Second, At(1), 1), (cut.Token, cut.KeepThrough, cut.ForeignEpoch));
        Assert.Null(bench.Run.Unreadable);
        bench.Cut(1);
        var append = bench.Read(bench.Run.Done(null));
        Assert.Equal(AppendVerdict.Stored, Assert.IsType<ReplicaEffect.Answered>(bench.Store(append)).Reply.Verdict);
        Assert.Null(bench.Run.Unreadable);

        // It is over: what fails later is no cut.
        bench.Run.Take(Message(Second, 2, 2, [Row(2, 3)]));
        bench.Run.Failed();
        Assert.Null(bench.Run.Unreadable);
    }

    [Fact]
    public void What_was_cut_is_not_waited_for()
    {
        var bench = new ReplicaBench([Row(1, 1), Row(1, 2)], committed: 2);
        bench.Run.Take(Message(Second, 1, 1, [Row(2, 2)]));
        bench.Cut(1);
        bench.Read(bench.Run.Done(null));
        bench.Run.Failed();
        Assert.IsType<ReplicaEffect.Append>(bench.Read(bench.Run.Take(Message(Second, 1, 1, [Row(2, 2)], commit: 1))));
        Assert.NotNull(bench.Run.Unreadable);
        bench.Run.Failed();
        bench.Store(bench.Read(bench.Run.Take(Message(Second, 0, 0, [Row(1, 1)], commit: 1))));
        Assert.Equal((At(1), null), (bench.Run.Log.Applied, bench.Run.Unreadable));
    }

    /// <summary>It may have been made: what is in memory may be gone.</summary>
    [Fact]
    public void After_a_cut_that_failed_nothing_is_shown_until_the_log_was_read()
    {
        var bench = new ReplicaBench([Row(1, 1), Row(1, 2)], committed: 1);
        var live = Hold(bench);
        bench.Run.Take(Message(Second, 1, 1, [Row(2, 2)]));
        bench.Run.Failed();
        Assert.True(live.IsClosed);
        Assert.NotNull(bench.Run.Unreadable);
    }

    /// <summary>The home that wanted it has a successor by now, whose log has what was to be cut: it was shown, and must not be missing from what is shown then.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_cut_that_was_never_made_takes_nothing_of_what_was_shown(bool isRefused)
    {
        var bench = new ReplicaBench([Row(1, 1), Row(1, 2)], committed: 2);
        bench.Run.Take(Message(Second, 1, 1, [Row(2, 2)]));
        bench.Head = bench.Head with { Promised = Token("r3", 3) };
        if (isRefused)
        {
            Assert.Equal(AppendVerdict.Fenced, Assert.IsType<ReplicaEffect.Answered>(bench.Read(bench.Run.Done(null))).Reply.Verdict);
        }
        else
        {
            bench.Run.Failed();
            bench.Read(bench.Run.Tidy(bench.Now));
        }

        bench.Store(bench.Run.Take(Message(Token("r3", 3), 0, 0, [Row(1, 1)], commit: 1)));
        Assert.Equal(At(1), bench.Run.Log.Applied);
        Assert.NotNull(bench.Run.Unreadable);
    }

    [Fact]
    public void Nothing_is_shown_of_a_store_that_was_not_compared()
    {
        var bench = new ReplicaBench { MayShow = false };
        Assert.Contains("not compared", bench.Run.Unreadable, StringComparison.Ordinal);
        bench.MayShow = true;
        Assert.Null(bench.Run.Unreadable);
    }

    [Fact]
    public void What_the_owner_of_a_row_stored_is_final()
    {
        var bench = new ReplicaBench([Row(1, 1)], new() { IsRow = true });
        Assert.Equal((At(1), bench.Head.Epochs), (bench.Run.Log.Applied, bench.Run.Settled));
        Assert.Empty(new ReplicaBench([Row(1, 1)]).Run.Settled.Starts);
    }

    [Fact]
    public void What_cannot_be_read_is_said_until_something_can_be_that_comes_after_it()
    {
        var bench = new ReplicaBench();
        Assert.IsType<ReplicaEffect.Answered>(bench.Store(bench.Run.Take(Message(First, 0, 0, [Row(1, 1), Newer(Row(1, 2))]))));
        Assert.Contains("newer version", bench.Run.Problem, StringComparison.Ordinal);
        bench.Run.Take(Message(First, 5, 1, []));
        Assert.NotNull(bench.Run.Problem);
        bench.Take(Message(First, 1, 1, [Row(1, 2)]));
        Assert.Null(bench.Run.Problem);
    }

    [Fact]
    public void A_checkpoint_is_due_after_so_many_entries_or_so_long()
    {
        var bench = new ReplicaBench(config: new() { CheckpointEntries = 2, CheckpointInterval = TimeSpan.FromSeconds(5) });
        bench.Take(Message(First, 0, 0, [Row(1, 1)], commit: 1, stable: 1));
        Assert.IsType<ReplicaEffect.Rest>(bench.Run.Tidy(bench.Now));
        bench.Now += TimeSpan.FromSeconds(5);
        var due = Assert.IsType<ReplicaEffect.Checkpoint>(bench.Run.Tidy(bench.Now));
        Assert.Equal((First, At(1), 1), (due.Token, due.Through, due.Changes.Count));
        Assert.IsType<ReplicaEffect.Rest>(bench.Run.Done(bench.Head with { Checkpoint = At(1) }));

        bench.Take(Message(First, 1, 1, [Row(1, 2)], commit: 2, stable: 2));
        Assert.IsType<ReplicaEffect.Rest>(bench.Run.Tidy(bench.Now));
        bench.Take(Message(First, 2, 1, [Row(1, 3)], commit: 3, stable: 2, trimmed: 1));
        Assert.Equal(At(2), Assert.IsType<ReplicaEffect.Checkpoint>(bench.Run.Tidy(bench.Now)).Through);
        var trim = Assert.IsType<ReplicaEffect.Trim>(bench.Run.Done(bench.Head with { Checkpoint = At(2) }));
        Assert.Equal((First, At(1)), (trim.Token, trim.Through));
        Assert.IsType<ReplicaEffect.Rest>(bench.Run.Done(bench.Head with { Trimmed = At(1) }));
        Assert.IsType<ReplicaEffect.Rest>(bench.Run.Tidy(bench.Now + TimeSpan.FromSeconds(5)));
    }

    private static LiveRecord Hold(ReplicaBench bench)
    {
        var live = bench.Run.Log.Records.Hold("e");
        ShardRecords.Loaded(live, EntityRecord.Empty);
        return live;
    }
}
