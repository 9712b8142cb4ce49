using CsCheck;
using Xunit.Abstractions;

namespace OrleansGeo.Tests.Protocol.Crdts;

/// <summary>Random schedules of two to five regions: rows arrive in any interleaving, stores are replaced, clocks jump, fields are cleaned up; every step is judged.</summary>
/// <remarks>A failure prints its seed; <c>CsCheck_Seed=… dotnet test --filter CrdtScheduleTests</c> repeats it.</remarks>
public sealed class CrdtScheduleTests(ITestOutputHelper output)
{
    private const int Schedules = 1_000;

    [Fact]
    public void A_counter_loses_no_increment() => Holds(CrdtKind.Counter, leastCleaned: 0, leastOverruled: 0);

    [Fact]
    public void A_set_shows_what_was_added_and_not_removed_by_one_who_saw_it() => Holds(CrdtKind.Set, leastCleaned: Schedules, leastOverruled: 0);

    [Fact]
    public void A_map_shows_the_last_writers_value_and_counts_what_that_overruled() => Holds(CrdtKind.Map, leastCleaned: Schedules, leastOverruled: Schedules);

    [Fact]
    public void A_multi_value_register_shows_all_that_nobody_has_seen_and_replaced() => Holds(CrdtKind.MultiValue, leastCleaned: Schedules, leastOverruled: 0);

    private void Holds(CrdtKind kind, int leastCleaned, int leastOverruled)
    {
        var (cleaned, overruled) = (0L, 0L);
        CrdtStep.Schedules.Sample(
            schedule =>
            {
                var world = CrdtWorld.Run(kind, schedule.Replicas, schedule.Steps);
                Interlocked.Add(ref cleaned, world.Cleaned);
                Interlocked.Add(ref overruled, world.Overruled);
            },
            output.WriteLine,
            iter: Schedules,
            print: static schedule => $"{schedule.Replicas} regions: {string.Join("; ", schedule.Steps)}");
        Assert.True(cleaned >= leastCleaned && overruled >= leastOverruled, $"only {cleaned} clean-ups and {overruled} overruled writes: these schedules test little");
    }
}
