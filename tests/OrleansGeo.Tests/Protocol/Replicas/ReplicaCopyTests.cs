using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replicas;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Topology;
using static OrleansGeo.Tests.Protocol.Entries;
using static OrleansGeo.Tests.Protocol.Replicas.ReplicaBench;

namespace OrleansGeo.Tests.Protocol.Replicas;

/// <summary>A replica that is sent the records.</summary>
public sealed class ReplicaCopyTests
{
    private static readonly FencingToken Home = Token("r1", 1);
    private static readonly FencingToken Newer = Token("r2", 2);
    private static readonly Guid Copy = new("00000000-0000-0000-0000-000000000001");
    private static readonly Guid Other = new("00000000-0000-0000-0000-000000000002");
    private static readonly EpochStart FirstEpoch = new(1, At(1));

    [Fact]
    public void Nothing_is_read_from_the_beginning_of_a_copy_to_its_end()
    {
        var bench = new ReplicaBench([Row(1, 1)], committed: 1);
        bench.Run.Take(Page(Home, Copy, 0, start: new(At(5), At(5), new([FirstEpoch]))));
        Assert.NotNull(bench.Run.Unreadable);
        bench.Run.Failed();
        Assert.NotNull(bench.Run.Unreadable);

        bench = new([Row(1, 1)], committed: 1);
        Assert.Equal(new ReplicaEffect.Accepted(true), bench.Begin(Home, Copy, 5, FirstEpoch));
        Assert.NotNull(bench.Run.Unreadable);
        Assert.IsType<ReplicaEffect.AddToCopy>(bench.Run.Take(Page(Home, Copy, 1, ["ada"])));
        Assert.Equal(new ReplicaEffect.Accepted(true), bench.Run.Done(bench.Head));
        Assert.Equal(new ReplicaEffect.Accepted(true), End(bench, Copy, 2));
        Assert.Equal((At(5), null), (bench.Run.Log.Applied, bench.Run.Unreadable));
    }

    [Fact]
    public void Pages_come_in_order()
    {
        var bench = new ReplicaBench();
        Assert.Equal(new ReplicaEffect.Accepted(false), bench.Run.Take(Page(Home, Copy, 1, ["ada"])));
        bench.Begin(Home, Copy, 5, FirstEpoch);
        Assert.Equal(new ReplicaEffect.Accepted(false), bench.Run.Take(Page(Home, Copy, 2, ["ada"])));
        Assert.Equal(new ReplicaEffect.Accepted(false), bench.Run.Take(Page(Home, Other, 1, ["ada"])));
        Assert.IsType<ReplicaEffect.AddToCopy>(bench.Run.Take(Page(Home, Copy, 1, ["ada"])));
        bench.Run.Done(bench.Head);
        Assert.Equal(new ReplicaEffect.Accepted(false), bench.Run.Take(Page(Home, Copy, 1, ["ada"])));
    }

    [Fact]
    public void A_page_of_which_it_is_not_known_whether_it_was_taken_ends_the_copy()
    {
        var bench = new ReplicaBench();
        bench.Begin(Home, Copy, 5, FirstEpoch);
        bench.Run.Take(Page(Home, Copy, 1, ["ada"]));
        bench.Run.Failed();
        Assert.Equal(new ReplicaEffect.Accepted(false), bench.Run.Take(Page(Home, Copy, 1, ["ada"])));
        Assert.Equal(new ReplicaEffect.Accepted(false), bench.Run.Take(Page(Home, Copy, 2, ["ben"])));
    }

    /// <summary>The store leaves pages of an older home's copy out, and does not say more than what it holds.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_page_that_the_store_did_not_take_is_not_accepted(int why)
    {
        var bench = new ReplicaBench();
        bench.Begin(Home, Copy, 5, FirstEpoch);
        bench.Run.Take(Page(Home, Copy, 1, ["ada"]));
        bench.Head = why switch
        {
            1 => bench.Head with { Promised = Newer },
            2 => bench.Head with { Copy = Other },
            _ => bench.Head with { Copying = false },
        };
        Assert.Equal(new ReplicaEffect.Accepted(false), bench.Run.Done(bench.Head));
        Assert.IsType<ReplicaEffect.Read>(bench.Run.Tidy(bench.Now));
    }

    [Fact]
    public void A_copy_that_the_store_refused_to_begin_ends_no_other_one()
    {
        var bench = new ReplicaBench();
        bench.Begin(Newer, Copy, 5, FirstEpoch);
        bench.Run.Take(Page(Home, Other, 0, start: new(At(5), At(5), new([FirstEpoch]))));
        Assert.Equal(new ReplicaEffect.Accepted(false), bench.Read(bench.Run.Done(bench.Head)));
        Assert.IsType<ReplicaEffect.AddToCopy>(bench.Run.Take(Page(Newer, Copy, 1, ["ada"])));
    }

    [Fact]
    public void A_beginning_that_may_have_been_made_ends_what_was_begun_before()
    {
        var bench = new ReplicaBench();
        bench.Begin(Home, Copy, 5, FirstEpoch);
        bench.Run.Take(Page(Home, Other, 0, start: new(At(5), At(5), new([FirstEpoch]))));
        bench.Run.Failed();
        Assert.Equal(new ReplicaEffect.Accepted(false), bench.Read(bench.Run.Take(Page(Home, Copy, 1, ["ada"]))));
    }

    [Fact]
    public void An_end_whose_outcome_is_not_known_is_read()
    {
        var bench = new ReplicaBench();
        bench.Begin(Home, Copy, 5, FirstEpoch);
        bench.Run.Take(Page(Home, Copy, 1, finish: new(At(5), At(5), new([FirstEpoch]))));
        bench.Run.Failed();
        Assert.NotNull(bench.Run.Unreadable);
        Assert.IsType<ReplicaEffect.Read>(bench.Run.Tidy(bench.Now));
    }

    [Fact]
    public void The_end_of_a_copy_that_the_store_did_not_take_is_not_accepted()
    {
        var bench = new ReplicaBench();
        bench.Begin(Home, Copy, 5, FirstEpoch);
        bench.Run.Take(Page(Home, Copy, 1, finish: new(At(5), At(5), new([FirstEpoch]))));
        Assert.Equal(new ReplicaEffect.Accepted(false), bench.Read(bench.Run.Done(bench.Head)));
    }

    /// <summary>What a copy took of what was shown comes again, as rows; what was of an epoch that was lost never does.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void After_a_copy_what_was_shown_is_waited_for_unless_its_epoch_was_lost(long epoch, bool isReadable)
    {
        var bench = new ReplicaBench([Row(1, 1), Row(1, 2), Row(1, 3)], committed: 3);
        EpochStart[] epochs = epoch == 1 ? [FirstEpoch] : [FirstEpoch, new(2, At(2))];
        bench.Begin(Newer, Copy, 2, epochs);
        End(bench, Copy, 1, last: 2, epochs);
        Assert.Equal(At(2), bench.Run.Log.Applied);
        Assert.Equal(isReadable, bench.Run.Unreadable is null);
    }

    /// <summary>It shows nothing, which is not the same as an empty log.</summary>
    [Fact]
    public void A_replica_that_is_being_copied_is_not_fresh()
    {
        var bench = new ReplicaBench();
        bench.Begin(Home, Copy, 5, FirstEpoch);
        bench.Run.Answered(TimeSpan.FromSeconds(1), new(1, LogPosition.Zero));
        Assert.Null(bench.Run.FreshAt);

        bench = new();
        bench.Run.Answered(TimeSpan.FromSeconds(1), new(1, LogPosition.Zero));
        Assert.Equal(TimeSpan.FromSeconds(1), bench.Run.FreshAt);
    }

    [Fact]
    public void A_log_is_read_from_above_its_checkpoint_and_not_while_it_is_copied()
    {
        Assert.Equal(At(4), ReplicaRead.From(ShardHead.Empty with { Checkpoint = At(3), Trimmed = At(1) }));
        Assert.Equal(At(3), ReplicaRead.From(ShardHead.Empty with { Trimmed = At(2) }));
        Assert.Null(ReplicaRead.From(ShardHead.Empty with { Copying = true }));
    }

    private static ReplicaEffect End(ReplicaBench bench, Guid copy, int page, long last = 5, params EpochStart[] epochs)
    {
        var finish = new CopyFinish(At(last), At(last), new([.. epochs.Length == 0 ? [FirstEpoch] : epochs]));
        Assert.Equal(finish, Assert.IsType<ReplicaEffect.FinishCopy>(bench.Run.Take(Page(bench.Head.Promised, copy, page, finish: finish))).Finish);
        bench.Head = bench.Head with { Copying = false, Last = finish.Trimmed, Trimmed = finish.Trimmed, Checkpoint = finish.Checkpoint, Epochs = finish.Epochs.Cut(finish.Trimmed) };
        return bench.Read(bench.Run.Done(bench.Head));
    }
}
