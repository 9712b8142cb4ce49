using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Simulation;
using OrleansGeo.Simulation.Shells;
using static OrleansGeo.Tests.Simulation.ProvesAttribute;
using static OrleansGeo.Tests.Simulation.Schedule;

namespace OrleansGeo.Tests.Simulation;

/// <summary>Requests by hand, repeated and at once: each takes effect at most once, and no update is lost.</summary>
public sealed class RequestScheduleTests
{
    [Fact]
    [Proves(SimFault.NoDeduplication)]
    public void A_repeated_request_takes_no_effect() => Proves(SimFault.NoDeduplication, "Invariant 8", fault =>
    {
        var live = new LiveSchedule(fault, ShardFamily.Quorum).Served();
        live.Repeat(live.Write(), live.First);
    });

    /// <summary>The home takes off its log what is stored, not what is forgotten; its process starts again, and the request is repeated.</summary>
    [Fact]
    [Proves(SimFault.TrimPastStable)]
    public void What_is_remembered_is_not_trimmed() => Proves(SimFault.TrimPastStable, "Invariant 8", fault =>
    {
        var live = new LiveSchedule(fault, ShardFamily.Quorum).Served();
        var operation = live.Write();
        live.For(400);
        live.Restart();
        live.Repeat(operation, live.First);
    });

    /// <summary>Every region has a checkpoint above the request, another one is promoted, and the request is repeated there.</summary>
    [Fact]
    [Proves(SimFault.NoDeduplicationAfterPromotion)]
    public void A_new_home_remembers_what_is_below_its_checkpoint() => Proves(SimFault.NoDeduplicationAfterPromotion, "Invariant 8", fault =>
    {
        var live = new LiveSchedule(fault, ShardFamily.Quorum).Served();
        var operation = live.Write();
        var position = live.Home.Log!.Stored;
        live.Until(() => live.World.Regions.All(region => region.Store[0].Head.Checkpoint >= position));
        live.First.Crash();
        live.Repeat(operation, live.Promoted());
    });

    /// <summary>The clock of the day jumps now and then, and the request is repeated within the window.</summary>
    [Fact]
    [Proves(SimFault.WindowByWallClock)]
    public void A_request_is_remembered_for_as_long_as_its_home_says() => Proves(SimFault.WindowByWallClock, "Invariant 8", fault =>
    {
        // It jumps by chance: so with several seeds.
        for (var seed = 1UL; seed <= 5; seed++)
        {
            var live = new LiveSchedule(fault, ShardFamily.Quorum, seed).Served();
            var operation = live.Write();
            live.For(2_000);
            live.Repeat(operation, live.First);
        }
    });

    /// <summary>Many requests at once: some run in an activation whose state is from before.</summary>
    [Fact]
    [Proves(SimFault.StageWithoutVersionCheck)]
    public void Only_the_activation_with_the_newest_record_writes() => Proves(SimFault.StageWithoutVersionCheck, "A lost update", fault =>
    {
        var live = new LiveSchedule(fault, ShardFamily.Quorum).Served();
        for (var i = 0; i < 40; i++)
        {
            live.Ask(isRead: false);
        }

        live.For(100);
        live.World.Checks.Requests.Replay(live.First.Index, 0);
    });

    /// <summary>Two activations of one home write the same position. The second one's append is skipped, for a row stands there; then it goes on.</summary>
    [Fact]
    [Proves(SimFault.SkippedRowsNotCompared)]
    public void A_skipped_row_is_the_very_row_that_stands_there() => Proves(SimFault.SkippedRowsNotCompared, "A lost update", fault =>
    {
        var schedule = new Schedule(fault, ShardFamily.Quorum);
        var (first, second) = (HomeOf(schedule), HomeOf(schedule));
        Assert.Equal(AppendVerdict.Stored, Write(schedule, first));
        if (Write(schedule, second) == AppendVerdict.Stored)
        {
            Assert.Equal(AppendVerdict.Stored, Write(schedule, second));
        }

        schedule.World.Checks.Requests.Replay(0, 0);
    });

    private static HomeLog HomeOf(Schedule schedule)
    {
        var (head, rows) = schedule[0].Read(0, aboveCheckpointOnly: false);
        return new(new() { Token = Token(0, 1), Family = ShardFamily.Quorum, Regions = ThreeRegions, Quorums = new(3), Replicas = [new("r1"), new("r2")] }, head, rows, TimeSpan.Zero);
    }

    /// <summary>One request's write, from the state that this home shows to its store.</summary>
    private static AppendVerdict Write(Schedule schedule, HomeLog home)
    {
        var operation = schedule.Operation("a");
        var live = home.Records.Hold("e0");
        ShardRecords.Loaded(live, EntityRecord.Empty);
        var state = operation.Apply("a", live.Current!.Find("a")?.Bytes);
        Assert.Equal(StageVerdict.Staged, home.Stage(new(live, live.Current.Version, operation.Request, operation.Number + 1, [new("a", state)], operation.Answer())).Verdict);
        var entries = home.Seal()!;
        var row = LogRowCodec.Encode(1, entries);
        var verdict = schedule[0].Append(0, isHome: true, Token(0, 1), home.Head.Last, home.Head.LastEpoch, [row]).Verdict;
        if (verdict == AppendVerdict.Stored)
        {
            home.Appended(row, [.. entries], TimeSpan.Zero);
        }

        return verdict;
    }
}
