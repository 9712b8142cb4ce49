using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Seats;
using OrleansGeo.Protocol.Topology;
using static OrleansGeo.Tests.Protocol.Entries;
using static OrleansGeo.Tests.Protocol.Seats.SeatBench;

namespace OrleansGeo.Tests.Protocol.Seats;

/// <summary>A seat that a shard is reserved for.</summary>
public sealed class SeatReceiverTests
{
    private static readonly TimeSpan TokenComesWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AfterStart = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    [Fact]
    public void A_token_that_does_not_come_is_refused_once_the_store_can_never_begin_its_epoch()
    {
        var bench = new SeatBench();
        var reserved = bench.ReserveForA();
        bench.Run();
        bench.Wait(TokenComesWithin - Moment);
        Assert.Null(bench.Asked);
        Assert.NotEqual(Never(reserved), bench.Head.Promised);

        bench.Wait(Moment);
        Assert.Equal(Never(reserved), bench.Head.Promised);
        Assert.Equal(new SeatChange.Refuse(bench.Index, new(B, 2), reserved), bench.Asked);
        Assert.Equal(new HomeAssignment(B, 4), bench.Asked!.Apply(bench.Decided)!.HomeOf(bench.Index));
    }

    [Fact]
    public void A_receiver_whose_store_promised_to_refuse_what_was_withdrawn_meanwhile_asks_for_a_new_epoch_of_the_home()
    {
        var bench = new SeatBench();
        var reserved = bench.ReserveForA();
        bench.Head = Head(Never(reserved), Row(2, 1));
        bench.Decided = TopologyChanges.Withdraw(bench.Decided, bench.Index, new(B, 2), reserved)!;
        bench.Run();
        Assert.Equal(new SeatChange.Refuse(bench.Index, new(B, 2), reserved), bench.Asked);
        bench.Decided = bench.Asked!.Apply(bench.Decided)!;
        Assert.Equal(new HomeAssignment(B, 4), bench.Decided.HomeOf(bench.Index));
        bench.News();
        bench.Wait(TimeSpan.FromHours(1));
        Assert.Single(bench.Left.OfType<SeatEffect.Change>());
    }

    [Fact]
    public void A_promise_that_failed_refuses_nothing()
    {
        var bench = new SeatBench { FailsPromises = true };
        bench.ReserveForA();
        bench.Run();
        bench.Wait(TokenComesWithin);
        Assert.Null(bench.Asked);
    }

    [Fact]
    public void A_token_of_a_home_that_started_again_is_waited_for_less_long()
    {
        var bench = new SeatBench();
        var reserved = bench.ReserveForA();
        bench.Run();
        bench.Wait(TimeSpan.FromSeconds(1));
        bench.Decided = TopologyChanges.Record(bench.Decided, B, 2, isProven: false)!;
        bench.News();
        bench.Wait(AfterStart - Moment);
        Assert.Null(bench.Asked);
        bench.Wait(Moment);
        Assert.Equal(new SeatChange.Refuse(bench.Index, new(B, 2), reserved), bench.Asked);
    }

    /// <summary>It was about to begin when its process ended.</summary>
    [Fact]
    public void A_receiver_whose_store_promised_the_reserved_epoch_takes_the_shard_under_another_one()
    {
        var bench = new SeatBench();
        var reserved = bench.ReserveForA();
        bench.Head = bench.Head with { Promised = reserved };
        bench.Run();
        bench.Wait(TokenComesWithin);
        Assert.Equal(new SeatChange.Reallot(bench.Index, new(A, reserved.Epoch), A), bench.Asked);
        Assert.Equal(reserved, bench.Head.Promised);
        Assert.Equal(new HomeAssignment(A, 4), bench.Asked!.Apply(bench.Decided)!.HomeOf(bench.Index));
    }

    [Fact]
    public void A_token_that_comes_after_its_refusal_was_promised_opens_nothing()
    {
        var bench = new SeatBench();
        var reserved = bench.ReserveForA();
        bench.Head = Head(Never(reserved), Row(2, 1));
        bench.Came(new(bench.Map[bench.Index], reserved, At(1), 2));
        bench.Wait(TimeSpan.FromHours(1));
        Assert.Equal(new SeatChange.Refuse(bench.Index, new(B, 2), reserved), bench.Asked);
        Assert.DoesNotContain(bench.All, static effect => effect is SeatEffect.OpenHome or SeatEffect.AskPromises);
    }

    [Fact]
    public void A_receiver_that_cannot_read_the_last_rows_gives_the_shard_back_to_the_region_that_has_them()
    {
        var bench = new SeatBench();
        var reserved = bench.ReserveForA();
        bench.Head = Head(Token("b", 2), Row(2, 1));
        bench.Run().Came(new(bench.Map[bench.Index], reserved, At(2), 2));
        bench.Wait(TimeSpan.FromSeconds(1));
        bench.Promised(B, Head(reserved, Row(2, 1), Row(2, 2)));
        var read = Assert.Single(bench.Left.OfType<SeatEffect.ReadLog>());
        bench.Done(read, new SeatPage([Newer(Row(2, 2))], Head(reserved, Row(2, 1), Row(2, 2))));
        bench.Wait(TimeSpan.FromSeconds(1));
        Assert.Equal(new SeatChange.Reallot(bench.Index, new(A, reserved.Epoch), B), bench.Asked);

        // The topology says what it said before.
        bench.Failed(bench.Left.OfType<SeatEffect.Change>().Last());
        bench.Wait(TimeSpan.FromSeconds(1));
        Assert.Equal(2, bench.Left.OfType<SeatEffect.Change>().Count());
        Assert.Single(bench.Left.OfType<SeatEffect.AskPromises>());

        bench.Decided = bench.Asked!.Apply(bench.Decided)!;
        Assert.Equal(new HomeAssignment(B, 4), bench.Decided.HomeOf(bench.Index));
        bench.News();
        Assert.Null(bench.Home);
    }

    private static FencingToken Never(FencingToken reserved) => reserved with { Region = B };
}
