using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using static OrleansGeo.Tests.Protocol.Entries;

namespace OrleansGeo.Tests.Protocol.Homes;

/// <summary>What a home may say to callers, and what a replica's reply or the lease have it stop saying.</summary>
public sealed class HomeAcknowledgementTests
{
    [Fact]
    public void What_is_durable_only_after_the_lease_ended_is_not_acknowledged()
    {
        var bench = new RunBench();
        var append = bench.Append();
        bench.MayAct = false;
        bench.Store(append);
        Assert.Equal((HomeEndCause.LostLease, At(0)), (bench.Run.End!.Cause, bench.Run.Acknowledged));
    }

    [Fact]
    public void What_a_majority_has_only_after_the_lease_ended_is_not_acknowledged()
    {
        var bench = new RunBench(ShardFamily.Quorum);
        bench.Take(0);
        bench.Store(bench.Append());
        bench.MayAct = false;
        bench.Take(0);
        Assert.Equal((HomeEndCause.LostLease, At(0), At(0)), (bench.Run.End!.Cause, bench.Run.Acknowledged, bench.Run.Stable));
    }

    /// <summary>It would say of the rows of an earlier opening that they are acknowledged; and what is never said may be waited for, for ever.</summary>
    [Fact]
    public void A_home_whose_lease_ended_before_it_was_open_says_nothing_of_what_it_found()
    {
        var bench = new RunBench(rows: [Row(1, 1)], mayAct: false);
        Assert.Equal((HomeEndCause.LostLease, At(0)), (bench.Run.End!.Cause, bench.Run.Acknowledged));
    }

    [Fact]
    public void What_was_stored_before_may_have_been_acknowledged()
    {
        var bench = new RunBench(ShardFamily.Quorum, rows: [Row(1, 1)]);
        Assert.Equal((At(0), At(1)), (bench.Run.Acknowledged, bench.Run.AcknowledgedAtMost));
        bench.Store(bench.Append());
        Assert.Equal(At(1), bench.Run.AcknowledgedAtMost);
        bench.Take(0);
        Assert.Equal((At(2), At(2)), (bench.Run.Acknowledged, bench.Run.AcknowledgedAtMost));
    }

    [Fact]
    public void A_replica_that_knows_a_newer_home_ends_this_one()
    {
        var bench = new RunBench();
        Assert.Equal(ReplyEffect.Fenced, bench.Reply(0, new(AppendVerdict.Fenced, At(0), 0, At(0), 0, Token("r1", 2))));
        Assert.Equal(HomeEndCause.Superseded, bench.Run.End!.Cause);
    }

    [Fact]
    public void A_replica_with_more_of_this_epoch_shows_that_the_own_store_went_back()
    {
        var bench = new RunBench();
        Assert.Equal(ReplyEffect.StoreWentBack, bench.Reply(0, new(AppendVerdict.Stored, At(0), 0, At(3), 1, bench.Token)));
        Assert.Equal(HomeEndCause.StoreWentBack, bench.Run.End!.Cause);
        Assert.Contains("has entry 3 of epoch 1, this store ends at 0", bench.Run.End.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_cause_counts()
    {
        var bench = new RunBench();
        var append = bench.Append();
        bench.Run.Close("it goes elsewhere");
        bench.MayAct = false;
        bench.Store(append);
        bench.Run.Close("once more");
        Assert.Equal(new(HomeEndCause.Closed, "it goes elsewhere"), bench.Run.End);
    }

    [Fact]
    public void What_a_replica_says_after_the_end_changes_nothing()
    {
        var bench = new RunBench(ShardFamily.Quorum);
        bench.Take(0);
        bench.Store(bench.Append());
        var send = Assert.IsType<Shipment.Send>(bench.Run.NextShipment(0));
        bench.Run.Close("it goes elsewhere");
        bench.Run.Replied(0, send, new(AppendVerdict.Stored, At(1), 1, At(1), 1, bench.Token));
        Assert.Equal((At(0), At(0)), (bench.Run.Acknowledged, bench.Run.Log.MatchOf(0)));
    }
}
