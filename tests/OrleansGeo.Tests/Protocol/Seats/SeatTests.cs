using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Seats;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using static OrleansGeo.Tests.Protocol.Entries;
using static OrleansGeo.Tests.Protocol.Seats.SeatBench;

namespace OrleansGeo.Tests.Protocol.Seats;

public sealed class SeatTests
{
    [Fact]
    public void A_home_that_starts_again_serves_at_once_and_then_nothing_is_due()
    {
        var bench = new SeatBench().Run();
        Assert.Contains(bench.All, static effect => effect is SeatEffect.ShowHome);
        var done = bench.All.Count;
        Assert.Equal(TimeSpan.MaxValue, bench.Due);
        bench.Wait(TimeSpan.FromHours(1));
        Assert.Equal(done, bench.All.Count);
    }

    /// <summary>A silo counts its lease shorter than its control plane: the lease ends, is back for a moment without a majority in reach, and ends.</summary>
    [Fact]
    public void A_home_whose_lease_ended_twice_knows_how_fresh_its_replica_is()
    {
        var bench = new SeatBench().Run();
        (bench.Home!.Acknowledged, bench.Home.Stored) = (new(5), new(5));
        bench.Head = bench.Head with { Last = new(5), Epochs = new([new(1, new(1))]) };

        (bench.Generation, bench.ActedUntil) = (0, TimeSpan.FromSeconds(10));
        bench.News();
        Assert.Equal(new SeatEffect.OpenReplica(new(5), TimeSpan.FromSeconds(10)) { Number = bench.Opened!.Number }, bench.Opened);

        bench.Generation = 1;
        bench.News();
        Assert.NotNull(bench.Home);
        (bench.Generation, bench.ActedUntil) = (0, TimeSpan.FromSeconds(11));
        bench.News();
        Assert.Equal(new SeatEffect.OpenReplica(new(5), TimeSpan.FromSeconds(11)) { Number = bench.Opened.Number }, bench.Opened);
    }

    [Fact]
    public void An_epoch_whose_store_went_back_is_not_opened_again_and_another_is_asked_for_until_it_is_there()
    {
        var bench = new SeatBench().Run();
        var home = bench.Home!;
        (home.WentBack, home.IsOpen) = (true, false);
        bench.News();
        Assert.Null(bench.Home);
        var asked = Assert.IsType<SeatEffect.Change>(bench.Left[^1]);
        Assert.Equal(new SeatChange.Reallot(bench.Index, home.Home, A), asked.What);

        // The topology says what it said before, and time passes.
        bench.Failed(asked);
        bench.Wait(TimeSpan.FromMilliseconds(100));
        Assert.Null(bench.Home);
        Assert.Equal(asked.What, Assert.IsType<SeatEffect.Change>(bench.Left[^1]).What);
        Assert.NotSame(asked, bench.Left[^1]);
    }

    [Fact]
    public void A_store_that_has_more_than_its_home_knew_went_nowhere_and_the_activation_is_given_up()
    {
        var bench = new SeatBench().Run();
        bench.Head = bench.Head with { Last = new(3), Epochs = new([new(1, new(1))]) };
        (bench.Home!.WentBack, bench.Home.IsOpen) = (true, false);
        bench.News();
        Assert.IsType<SeatEffect.Abandon>(bench.Left[^1]);
    }

    /// <summary>A region that is cut off waits for ever for what a majority decides.</summary>
    [Fact]
    public void A_change_that_is_never_decided_does_not_keep_a_lost_lease_from_being_seen()
    {
        var bench = new SeatBench();
        bench.Decided = TopologyChanges.Reserve(bench.Decided, A, new Dictionary<int, RegionId> { [bench.Index] = B })!;
        bench.Run();
        bench.Wait(TimeSpan.FromSeconds(3));
        var asked = Assert.IsType<SeatEffect.Change>(bench.Left[^1]);
        Assert.IsType<SeatChange.Withdraw>(asked.What);
        (bench.Generation, bench.ActedUntil) = (0, TimeSpan.FromSeconds(2));
        bench.News();
        Assert.Null(bench.Home);
        Assert.NotNull(bench.Replica);
    }

    [Fact]
    public void A_step_that_fails_is_not_tried_again_at_once_whatever_happened_before()
    {
        var bench = new SeatBench();
        bench.Decided = TopologyChanges.Reserve(bench.Decided, A, new Dictionary<int, RegionId> { [bench.Index] = B })!;
        bench.Run();
        bench.Home!.IsDrained = true;
        bench.FailsPromises = true;
        bench.News();
        var tried = bench.All.Count(static effect => effect is SeatEffect.Promise);
        Assert.Equal(1, tried);
        bench.Wait(TimeSpan.FromMilliseconds(99));
        Assert.Equal(1, bench.All.Count(static effect => effect is SeatEffect.Promise));
        bench.FailsPromises = false;
        bench.Wait(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, bench.All.Count(static effect => effect is SeatEffect.Promise));
        Assert.Equal(B, Assert.IsType<SeatEffect.SendToken>(bench.Left.Last(static effect => effect is SeatEffect.SendToken)).Way);
    }

    [Fact]
    public void A_replica_asks_where_the_log_stands_until_it_hears_less_and_less_often()
    {
        var bench = new SeatBench();
        bench.Decided = TopologyChanges.Reallot(bench.Decided, bench.Index, bench.Decided.HomeOf(bench.Index), B)!;
        bench.Run();
        int Asked() => bench.Left.OfType<SeatEffect.Announce>().Count(static announce => announce.Home == B);
        Assert.Equal(1, Asked());
        bench.Wait(TimeSpan.FromSeconds(1));
        Assert.Equal(2, Asked());
        bench.Wait(TimeSpan.FromSeconds(1));
        Assert.Equal(2, Asked());
        bench.Wait(TimeSpan.FromSeconds(1));
        Assert.Equal(3, Asked());
        bench.Replica!.VerifiedEpoch = 2;
        bench.Wait(TimeSpan.FromHours(1));
        Assert.Equal(3, Asked());
    }

    [Fact]
    public void A_region_that_serves_what_it_took_says_that_it_noted_what_the_others_may_have_acknowledged()
    {
        var bench = new SeatBench();
        var before = bench.Decided.HomeOf(bench.Index);
        bench.Decided = TopologyChanges.TakeOver(bench.Decided, A, 1, region => region == B, static _ => -1)!;
        bench.Decided = TopologyChanges.Reallot(bench.Decided, bench.Index, bench.Decided.HomeOf(bench.Index), A)!;
        Assert.True(bench.Decided[bench.Index].LeftBehind.Contains(0));
        bench.Head = bench.Head with { Promised = new(A, 3), Last = new(1), Epochs = new([new(3, new(1))]) };
        bench.Run();
        Assert.NotEqual(before, bench.Home!.Home);
        var asked = Assert.IsType<SeatEffect.Change>(bench.Left[^1]);
        bench.Decided = asked.What.Apply(bench.Decided)!;
        Assert.True(bench.Decided[bench.Index].LeftBehind.IsEmpty);
    }

    /// <param name="byItself">The home noticed. Otherwise its seat did, and the lease was back when the home had ended.</param>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_home_that_ended_with_a_lease_that_came_back_is_opened_again(bool byItself)
    {
        var bench = new SeatBench().Run();
        var ended = bench.Home!;
        bench.LeavesEnds = true;
        if (byItself)
        {
            (ended.LostLease, ended.IsOpen) = (true, false);
            bench.News();
        }
        else
        {
            bench.Generation = 0;
            bench.News();
            (bench.Generation, ended.IsOpen) = (1, false);
            bench.Done(Assert.IsType<SeatEffect.EndHome>(bench.Left[^1]));
        }

        Assert.DoesNotContain(bench.All, static effect => effect is SeatEffect.Abandon);
        Assert.NotNull(bench.Home);
        Assert.NotSame(ended, bench.Home);
    }

    [Fact]
    public void A_home_that_closed_under_its_lease_and_epoch_gives_the_activation_up()
    {
        var bench = new SeatBench().Run();
        bench.Home!.IsOpen = false;
        bench.News();
        Assert.IsType<SeatEffect.Abandon>(bench.Left[^1]);
    }

    [Fact]
    public void A_home_that_does_not_get_ready_keeps_its_callers_waiting_for_a_second()
    {
        var bench = new SeatBench { AreHomesReady = false }.Run();
        Assert.NotNull(bench.Home);
        var opened = bench.Now;
        while (bench.Due < opened + TimeSpan.FromSeconds(1))
        {
            bench.Wait(bench.Due - bench.Now);
            Assert.False(bench.HasRole);
        }

        bench.Wait(bench.Due - bench.Now);
        Assert.True(bench.HasRole);
        Assert.Equal(TimeSpan.FromSeconds(1), bench.Now - opened);
        Assert.DoesNotContain(bench.All, static effect => effect is SeatEffect.ShowHome);

        bench.Home.IsReady = true;
        bench.News();
        Assert.Contains(bench.All, static effect => effect is SeatEffect.ShowHome);
    }

    /// <param name="isTaken">The receiver said that it is home. Otherwise no answer came.</param>
    /// <param name="milliseconds">When the token is sent again.</param>
    [Theory]
    [InlineData(true, 2_000)]
    [InlineData(false, 100)]
    public void A_token_is_not_sent_again_for_a_while_whatever_happens(bool isTaken, int milliseconds)
    {
        var bench = GivenAway(new());
        bench.Run();
        var sent = Assert.Single(bench.Left.OfType<SeatEffect.SendToken>());
        bench.News();
        if (isTaken)
        {
            bench.Done(sent, true);
        }
        else
        {
            bench.Failed(sent);
        }

        bench.Wait(TimeSpan.FromMilliseconds(milliseconds - 1)).News().News();
        Assert.Single(bench.Left.OfType<SeatEffect.SendToken>());
        bench.Wait(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, bench.Left.OfType<SeatEffect.SendToken>().Count());
    }

    [Fact]
    public void A_home_that_another_activation_gave_away_stages_nothing_once_the_token_goes()
    {
        var bench = GivenAway(new SeatBench().Run());
        bench.News();
        Assert.Equal(
            [typeof(SeatEffect.BeginGivingAway), typeof(SeatEffect.BeginHandOver), typeof(SeatEffect.SendToken)],
            bench.All.Select(static effect => effect.GetType()).Where(static type => type.Name is nameof(SeatEffect.BeginGivingAway) or nameof(SeatEffect.BeginHandOver) or nameof(SeatEffect.SendToken)));
    }

    /// <summary>Regions b and c served before. What region b had alone is not in the log that goes on; what region c had is not known.</summary>
    [Fact]
    public void What_a_region_that_was_left_behind_has_alone_is_suspected_to_be_lost()
    {
        var bench = new SeatBench(ShardFamily.Region);
        foreach (var next in new[] { B, C, A })
        {
            bench.Decided = TopologyChanges.Reallot(bench.Decided, bench.Index, bench.Decided.HomeOf(bench.Index), next)!;
        }

        var token = bench.Decided.HomeOf(bench.Index).Token;
        bench.Head = Head(Token("c", 3), Row(1, 1), Row(3, 2));
        bench.Run();
        bench.Promised(B, Head(token, Row(1, 1), Row(2, 2)));
        var suspected = Assert.Single(bench.Left.OfType<SeatEffect.Suspect>());
        Assert.Equal((B, 4, At(2)), (suspected.Region, suspected.Epoch, suspected.From));
        Assert.Null(bench.Home);

        bench.Done(suspected);
        suspected = bench.Left.OfType<SeatEffect.Suspect>().Last();
        Assert.Equal((C, 4, At(3)), (suspected.Region, suspected.Epoch, suspected.From));
        bench.Done(suspected);
        Assert.Equal(token, bench.Home!.Home.Token);
    }

    [Fact]
    public void What_a_region_that_was_left_behind_has_is_not_suspected_where_the_log_has_it_too()
    {
        var bench = new SeatBench(ShardFamily.Region);
        bench.ReserveForA();
        bench.Decided = TopologyChanges.TakeOver(bench.Decided, B, 1, static region => region == A, static _ => 1)!;
        var token = bench.Decided.HomeOf(bench.Index).Token;
        Assert.True(bench.Decided[bench.Index].LeftBehind.Contains(1));
        bench.Head = Head(Token("b", 2), Row(1, 1), Row(2, 2));
        bench.Run();
        bench.Promised(B, Head(token, Row(1, 1)));
        Assert.Equal(token, bench.Home!.Home.Token);
        Assert.DoesNotContain(bench.All, static effect => effect is SeatEffect.Suspect);
    }

    /// <summary>The store has promised the shard to region b.</summary>
    private static SeatBench GivenAway(SeatBench bench)
    {
        bench.Decided = TopologyChanges.Reserve(bench.Decided, A, new Dictionary<int, RegionId> { [bench.Index] = B })!;
        bench.Head = bench.Head with { Promised = bench.Decided[bench.Index].ReservedToken!.Value };
        return bench;
    }
}
