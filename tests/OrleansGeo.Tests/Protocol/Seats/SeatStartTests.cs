using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Seats;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using static OrleansGeo.Tests.Protocol.Entries;
using static OrleansGeo.Tests.Protocol.Seats.SeatBench;

namespace OrleansGeo.Tests.Protocol.Seats;

/// <summary>A seat in a region whose store is not known to hold all that it held.</summary>
public sealed class SeatStartTests
{
    /// <param name="isRenewed">The shard has an epoch of this run. Otherwise its log ends in the epoch that the topology names.</param>
    /// <param name="isLastProven">Whether the store of the region that answers last is known to hold all that it held.</param>
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_home_that_may_have_forgotten_opens_with_what_so_many_others_have_that_none_is_missed(bool isRenewed, bool isLastProven)
    {
        var bench = new SeatBench(isProven: false);
        bench.Decided = isRenewed ? bench.Decided : TopologyChanges.Record(WorldTopology.Initial(bench.Map), A, 1)!;
        var token = bench.Decided.HomeOf(bench.Index).Token;
        bench.Head = Head(Token("a", 1), Row(1, 1));
        bench.Run();
        Assert.Contains(bench.Left, effect => effect == new SeatEffect.AskPromises(token));

        bench.Promised(B, Head(token, Row(1, 1)));
        bench.Wait(TimeSpan.FromHours(1));
        Assert.Null(bench.Home);

        bench.Promised(C, Head(token, Row(1, 1)), isLastProven);
        Assert.Equal(token, bench.Home!.Home.Token);
    }

    /// <param name="hasPromised">The store still knows that it promised the shard to the other region.</param>
    /// <param name="isForced">Its operator has the store taken for whole, which says nothing of a token.</param>
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void A_home_that_may_have_sent_a_token_waits_until_the_receivers_lease_ended(bool hasPromised, bool isForced)
    {
        var bench = new SeatBench(isProven: isForced) { IsForced = isForced };
        var home = bench.Decided.HomeOf(bench.Index);
        bench.Decided = TopologyChanges.Reserve(bench.Decided, A, new Dictionary<int, RegionId> { [bench.Index] = B })!;
        bench.Head = Head(hasPromised ? Token("b", home.Epoch + 1) : home.Token, Row(1, 1));
        bench.Run();
        bench.Wait(TimeSpan.FromHours(1));
        Assert.Null(bench.Asked);
        Assert.DoesNotContain(bench.All, static effect => effect is SeatEffect.OpenHome or SeatEffect.SendToken or SeatEffect.AskPromises);

        bench.Ended[B] = 4;
        bench.News();
        Assert.Equal(new SeatChange.Claim(bench.Index, home, A, 4), bench.Asked);
    }

    /// <summary>It was reserved in this run, because a lease that is recorded without proof takes earlier reservations back; and the home has just said what all there is.</summary>
    [Fact]
    public void A_receiver_that_has_what_the_token_says_needs_no_proof()
    {
        var bench = new SeatBench();
        var reserved = bench.ReserveForA();
        bench.IsStoreTrusted = false;
        bench.Head = Head(Token("b", 2), Row(2, 1));
        bench.Run().Came(new(bench.Map[bench.Index], reserved, At(1), 2));
        Assert.Equal(reserved, bench.Home!.Home.Token);
    }

    [Fact]
    public void A_receiver_that_lacks_rows_and_may_have_forgotten_takes_the_log_from_others()
    {
        var bench = new SeatBench();
        var reserved = bench.ReserveForA();
        bench.IsStoreTrusted = false;
        bench.Head = Head(Token("b", 2), Row(2, 1));
        bench.Run().Came(new(bench.Map[bench.Index], reserved, At(2), 2));
        bench.Wait(TimeSpan.FromSeconds(2));
        Assert.Null(bench.Home);
        bench.Promised(B, Head(reserved, Row(2, 1)));
        Assert.Null(bench.Home);
        bench.Promised(C, Head(reserved, Row(2, 1)));
        Assert.Equal(reserved, bench.Home!.Home.Token);
    }

    [Fact]
    public void A_row_whose_store_may_have_forgotten_opens_once_it_goes_on_under_a_new_epoch()
    {
        var bench = new SeatBench(ShardFamily.Row, isProven: false);
        bench.Run();
        bench.Wait(TimeSpan.FromHours(1));
        Assert.DoesNotContain(bench.All, static effect => effect is SeatEffect.OpenHome or SeatEffect.AskPromises);

        bench.Head = bench.Head with { Promised = Token("a", 2) };
        bench.IsStoreTrusted = true;
        bench.News();
        bench.Promised(B, Head(Token("a", 2)));
        Assert.Null(bench.Home);
        bench.Promised(C, Head(Token("a", 2)));
        Assert.Equal(2, bench.Home!.Home.Epoch);
    }
}
