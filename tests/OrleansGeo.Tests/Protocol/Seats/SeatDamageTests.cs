using OrleansGeo.Protocol.Seats;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using static OrleansGeo.Tests.Protocol.Seats.SeatBench;

namespace OrleansGeo.Tests.Protocol.Seats;

/// <summary>A seat whose store cannot go on with the shard.</summary>
public sealed class SeatDamageTests
{
    /// <param name="forReplicas">It cannot be opened as a replica's either.</param>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_home_that_cannot_be_opened_is_left_to_a_region_that_can_be_home(bool forReplicas)
    {
        var bench = new SeatBench { IsDamaged = true, IsDamagedForReplicas = forReplicas, Eligible = C };
        bench.Run();
        Assert.Equal(new SeatChange.Reallot(bench.Index, new(A, 1), C), bench.Asked);
        Assert.Contains(bench.Left, static effect => effect is SeatEffect.Note { What: SeatNote.Yields { To: var to } } && to == C);
        Assert.Null(bench.Home);
    }

    [Fact]
    public void A_home_that_is_damaged_while_it_is_open_is_left_to_a_region_that_can_be_home()
    {
        var bench = new SeatBench { Eligible = C }.Run();
        (bench.Home!.Damage, bench.Home.IsOpen) = ("by hand", false);
        bench.News();
        Assert.Equal(new SeatChange.Reallot(bench.Index, new(A, 1), C), bench.Asked);
        Assert.Null(bench.Home);
        Assert.DoesNotContain(bench.All, static effect => effect is SeatEffect.Abandon);
    }

    [Fact]
    public void A_damaged_home_takes_its_reservation_back_first()
    {
        var bench = new SeatBench().Run();
        bench.Decided = TopologyChanges.Reserve(bench.Decided, A, new Dictionary<int, RegionId> { [bench.Index] = B })!;
        (bench.Home!.Damage, bench.Home.IsOpen) = ("by hand", false);
        bench.News();
        Assert.Equal(new SeatChange.Withdraw(bench.Index, new(A, 1), new(B, 2)), bench.Asked);
    }

    /// <param name="isProven">Whether the store is known to hold all that it held: it promised the shard away. Otherwise it may have.</param>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_damaged_shard_that_may_have_been_handed_over_waits_until_the_receivers_lease_ended(bool isProven)
    {
        var bench = new SeatBench(isProven: isProven) { IsDamagedForReplicas = true };
        var home = bench.Decided.HomeOf(bench.Index);
        bench.Decided = TopologyChanges.Reserve(bench.Decided, A, new Dictionary<int, RegionId> { [bench.Index] = B })!;
        bench.Head = bench.Head with { Promised = isProven ? bench.Decided[bench.Index].ReservedToken!.Value : home.Token };
        bench.Run();
        bench.Wait(TimeSpan.FromMinutes(1));
        Assert.Null(bench.Asked);
        Assert.Equal(isProven, bench.Left.Exists(static effect => effect is SeatEffect.SendToken));

        bench.Ended[B] = 4;
        bench.Wait(TimeSpan.FromMinutes(1));
        Assert.Equal(new SeatChange.Claim(bench.Index, home, A, 4), bench.Asked);
    }

    [Fact]
    public void A_damaged_shard_that_was_promised_under_a_withdrawn_reservation_goes_to_that_region()
    {
        var bench = new SeatBench { IsDamagedForReplicas = true, Eligible = C };
        Withdraw(bench);
        bench.Head = bench.Head with { Promised = new(B, 2) };
        bench.Run();
        Assert.Equal(new SeatChange.Reallot(bench.Index, new(A, 1), B), bench.Asked);
    }

    [Fact]
    public void A_damaged_home_that_cannot_read_what_it_promised_yields_where_no_other_region_can_have_been_promised_the_shard()
    {
        var bench = new SeatBench { IsHeadDamaged = true };
        bench.Run();
        Assert.IsType<SeatChange.Reallot>(bench.Asked);

        var reserved = new SeatBench { IsHeadDamaged = true };
        reserved.Decided = TopologyChanges.Reserve(reserved.Decided, A, new Dictionary<int, RegionId> { [reserved.Index] = B })!;
        var withdrawn = new SeatBench { IsHeadDamaged = true };
        Withdraw(withdrawn);
        foreach (var doubtful in new[] { reserved, withdrawn })
        {
            doubtful.Run();
            doubtful.Wait(TimeSpan.FromMinutes(1));
            Assert.Null(doubtful.Asked);
        }
    }

    [Fact]
    public void A_damaged_home_waits_for_a_region_that_can_be_home()
    {
        var bench = new SeatBench { IsDamaged = true, Eligible = A };
        bench.Run();
        Assert.Null(bench.Asked);
        bench.Eligible = B;
        bench.Wait(TimeSpan.FromMinutes(1));
        Assert.Equal(new SeatChange.Reallot(bench.Index, new(A, 1), B), bench.Asked);
    }

    [Fact]
    public void A_damaged_shard_asks_for_nothing_where_it_is_not_at_home_or_holds_no_lease()
    {
        var elsewhere = new SeatBench { IsDamagedForReplicas = true };
        elsewhere.Decided = TopologyChanges.Reallot(elsewhere.Decided, elsewhere.Index, new(A, 1), B)!;
        var withoutLease = new SeatBench { IsDamagedForReplicas = true, Generation = 0 };
        foreach (var bench in new[] { elsewhere, withoutLease })
        {
            bench.Run();
            bench.Wait(TimeSpan.FromMinutes(1));
            Assert.Null(bench.Asked);
        }
    }

    [Fact]
    public void A_row_that_is_damaged_stays_with_its_owner()
    {
        var opening = new SeatBench(ShardFamily.Row) { IsDamaged = true };
        opening.Run();
        opening.Wait(TimeSpan.FromMinutes(1));
        Assert.Null(opening.Asked);

        var open = new SeatBench(ShardFamily.Row).Run();
        (open.Home!.Damage, open.Home.IsOpen) = ("by hand", false);
        open.News();
        Assert.Null(open.Asked);
    }

    /// <summary>Perhaps an operator mended it.</summary>
    [Theory]
    [InlineData(ShardFamily.Row)]
    [InlineData(ShardFamily.Quorum)]
    public void A_damaged_home_that_no_other_region_can_take_is_opened_again_after_a_while(ShardFamily family)
    {
        var bench = new SeatBench(family) { Eligible = A }.Run();
        (bench.Home!.Damage, bench.Home.IsOpen) = ("by hand", false);
        bench.News();
        Assert.Null(bench.Home);
        bench.Wait(TimeSpan.FromSeconds(5));
        Assert.NotNull(bench.Home);
    }

    /// <summary>The shard was reserved for region b, as epoch 2, which was withdrawn.</summary>
    private static void Withdraw(SeatBench bench)
    {
        var reserved = TopologyChanges.Reserve(bench.Decided, A, new Dictionary<int, RegionId> { [bench.Index] = B })!;
        bench.Decided = TopologyChanges.Withdraw(reserved, bench.Index, new(A, 1), new(B, 2))!;
    }
}
