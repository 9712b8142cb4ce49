using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using static OrleansGeo.Tests.Protocol.Entries;

namespace OrleansGeo.Tests.Protocol.Homes;

/// <summary>What a home stores next, and what ends it.</summary>
public sealed class HomeRunTests
{
    [Fact]
    public void One_row_is_under_way_and_the_next_one_collects_meanwhile()
    {
        var bench = new RunBench();
        Assert.Null(bench.Run.NextAppend());
        var first = bench.Append();
        Assert.Equal((At(0), 0, At(1)), (first.Previous, first.PreviousEpoch, first.Last));
        bench.Stage();
        bench.Stage();
        Assert.Null(bench.Run.NextAppend());
        Assert.Null(bench.Store(first));
        var second = bench.Run.NextAppend()!;
        Assert.Equal((At(1), 1, At(3)), (second.Previous, second.PreviousEpoch, second.Last));
    }

    [Theory]
    [InlineData(AppendVerdict.Fenced, 1)]
    [InlineData(AppendVerdict.Gap, 1)]
    [InlineData(AppendVerdict.Conflict, 1)]
    [InlineData(AppendVerdict.Copying, 1)]
    [InlineData(AppendVerdict.Diverged, 1)]
    [InlineData(AppendVerdict.Stored, 2)]
    public void A_store_that_does_not_end_with_the_row_was_written_by_another(AppendVerdict verdict, long last)
    {
        var bench = new RunBench();
        Assert.Null(bench.Run.Appended(bench.Append(), new HomeAppended.Answered(verdict, Head(bench.Token, Row(1, 1, last))), bench.Now));
        Assert.Equal(HomeEndCause.Superseded, bench.Run.End!.Cause);
        Assert.Equal((At(0), At(0)), (bench.Run.Log.Stored, bench.Run.Acknowledged));
    }

    [Fact]
    public void A_row_whose_outcome_is_not_known_is_appended_again_after_a_growing_pause()
    {
        var bench = new RunBench(config: new() { RetryAfter = TimeSpan.FromMilliseconds(20), LongestRetry = TimeSpan.FromMilliseconds(100) });
        var append = bench.Append();
        Assert.Equal([20, 40, 80, 100, 100], Enumerable.Range(0, 5).Select(_ => bench.Fail(append)!.Value.TotalMilliseconds));
        Assert.Null(bench.Run.NextAppend());
        Assert.Null(bench.Run.End);
        Assert.Null(bench.Store(append));
        Assert.Equal(At(1), bench.Run.Acknowledged);
        Assert.Equal(20, bench.Fail(bench.Append())!.Value.TotalMilliseconds);
    }

    [Fact]
    public void Damage_ends_the_home_and_says_so()
    {
        var bench = new RunBench();
        Assert.Null(bench.Run.Appended(bench.Append(), new HomeAppended.Damaged("a page is bad"), bench.Now));
        Assert.Equal(new(HomeEndCause.Damaged, "a page is bad"), bench.Run.End);
    }

    [Fact]
    public void A_row_that_fits_into_no_store_is_not_tried_again()
    {
        var bench = new RunBench();
        Assert.Null(bench.Run.Appended(bench.Append(), new HomeAppended.TooLarge("of 5 MB"), bench.Now));
        Assert.Equal(new(HomeEndCause.RowTooLarge, "of 5 MB"), bench.Run.End);
    }

    [Fact]
    public void Requests_are_refused_while_the_store_has_failed_for_a_while()
    {
        var bench = new RunBench(config: new() { RefusesAfter = TimeSpan.FromSeconds(1) });
        var append = bench.Append();
        bench.Fail(append);
        bench.Now += TimeSpan.FromSeconds(1);
        bench.Fail(append);
        Assert.Null(bench.Run.RefusalAt(bench.Now));
        bench.Now += TimeSpan.FromMilliseconds(1);
        Assert.Equal("it is full", bench.Run.RefusalAt(bench.Now));
        bench.Store(append);
        Assert.Null(bench.Run.RefusalAt(bench.Now));
    }

    [Fact]
    public void What_becomes_of_a_row_after_the_end_is_noted_and_not_said()
    {
        var bench = new RunBench();
        var append = bench.Append();
        bench.Run.Close("it goes elsewhere");
        bench.Store(append);
        Assert.Equal((At(1), At(0)), (bench.Run.Log.Stored, bench.Run.Acknowledged));
    }

    [Fact]
    public void After_the_end_nothing_is_tried_again()
    {
        var bench = new RunBench();
        var append = bench.Append();
        bench.Run.Close("it goes elsewhere");
        Assert.Null(bench.Fail(append));
    }

    [Fact]
    public void A_home_that_ended_stages_stores_and_ships_nothing()
    {
        var bench = new RunBench(ShardFamily.Quorum);
        bench.Take(0);
        bench.Stage();
        bench.Run.Log.BeginHandOver();
        bench.Run.Log.EndHandOver();
        bench.Run.Close("it goes elsewhere");
        Assert.Equal(StageVerdict.StaleRecord, bench.Stage().Verdict);
        Assert.Null(bench.Run.NextAppend());
        Assert.Null(bench.Run.NextShipment(1));
    }

    [Fact]
    public void Nothing_is_handed_over_by_a_home_that_ended()
    {
        var bench = new RunBench(ShardFamily.Quorum);
        bench.Take(0);
        bench.Run.Log.BeginHandOver();
        Assert.True(bench.Run.IsDrainedInto(0));
        bench.Run.Close("it goes elsewhere");
        Assert.False(bench.Run.IsDrainedInto(0));
    }

    [Theory]
    [InlineData(1, 0, false)]
    [InlineData(2, 0, true)]
    [InlineData(2, 1, true)]
    [InlineData(2, 2, false)]
    public void Every_epoch_but_a_worlds_first_begins_with_an_entry_of_its_own(long epoch, long last, bool begins)
    {
        var bench = new RunBench(epoch: epoch, rows: last == 0 ? [] : [Row(last, 1)]);
        Assert.Equal(begins, bench.Run.NextAppend()?.Entries.Single().Kind == EntryKind.EpochStart);
    }

    [Fact]
    public void A_home_that_recovered_the_log_is_ready_once_a_majority_has_its_first_entry()
    {
        var bench = new RunBench(epoch: 2);
        Assert.False(bench.Run.IsStarted);
        bench.Store(bench.Run.NextAppend()!);
        Assert.True(bench.Run.IsStarted);
        Assert.False(bench.Run.IsReady);
        bench.Take(0);
        Assert.True(bench.Run.IsReady);
    }

    [Fact]
    public void A_home_that_was_handed_the_log_is_ready_once_its_first_entry_is_in_its_store()
    {
        var bench = new RunBench(epoch: 2, config: new() { IsHanded = true });
        Assert.False(bench.Run.IsReady);
        bench.Store(bench.Run.NextAppend()!);
        Assert.True(bench.Run.IsReady);
    }

    [Fact]
    public void A_store_is_opened_under_the_token_that_it_promised_and_not_while_it_is_copied()
    {
        var token = Token("r0", 2);
        Assert.True(HomeRun.MayOpen(token, ShardHead.Empty with { Promised = token }));
        Assert.False(HomeRun.MayOpen(token, ShardHead.Empty with { Promised = Token("r1", 3) }));
        Assert.False(HomeRun.MayOpen(token, ShardHead.Empty with { Promised = token, Copying = true }));
    }

    [Fact]
    public void A_home_beside_which_another_activation_wrote_ends_when_it_is_asked()
    {
        var bench = new RunBench();
        bench.Append();
        Assert.False(bench.Run.IsNewest(Head(bench.Token, Row(1, 1), Row(1, 2))));
        Assert.Equal(HomeEndCause.Superseded, bench.Run.End!.Cause);
        Assert.False(bench.Run.IsNewest(bench.Head));
    }

    [Fact]
    public void What_a_home_has_on_its_way_to_the_store_is_its_own()
    {
        var bench = new RunBench();
        bench.Append();
        Assert.True(bench.Run.IsNewest(Head(bench.Token, Row(1, 1))));
        Assert.Null(bench.Run.End);
    }

    [Fact]
    public void A_home_whose_store_promised_the_shard_elsewhere_is_not_the_newest()
    {
        var bench = new RunBench();
        Assert.False(bench.Run.IsNewest(bench.Head with { Promised = Token("r1", 2) }));
        Assert.Null(bench.Run.End);
    }
}
