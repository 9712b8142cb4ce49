using CsCheck;
using OrleansGeo.Protocol.Crdts;

namespace OrleansGeo.Tests.Protocol.Crdts;

public sealed class HybridClockTests
{
    private static readonly Gen<HybridTime> _seen = Gen.Select(Gen.Long[0, 2_000], Gen.Int[0, 5], static (milliseconds, counter) => new HybridTime(milliseconds, counter));

    [Fact]
    public void A_time_is_later_than_the_one_before_and_than_what_was_seen() =>
        Gen.Select(Gen.Long[0, 2_000], _seen).Array[1, 50].Sample(static steps =>
        {
            var clock = new HybridClock(maxAheadMilliseconds: 2_000);
            var last = HybridTime.Zero;
            foreach (var (wall, seen) in steps)
            {
                var next = clock.Next(wall, seen);
                Assert.True(next.CompareTo(last) > 0 && next.CompareTo(seen) > 0 && next.Milliseconds >= wall);
                last = next;
            }
        });

    [Fact]
    public void A_region_whose_clock_is_far_ahead_does_not_take_others_with_it()
    {
        var clock = new HybridClock(maxAheadMilliseconds: 60_000);
        Assert.Equal(new HybridTime(61_000, 1), clock.Next(1_000, seen: new(3_600_000, 7)));
        Assert.Equal(new HybridTime(61_000, 2), clock.Next(1_000, HybridTime.Zero));
        Assert.Equal(new HybridTime(70_000, 0), clock.Next(70_000, HybridTime.Zero));
    }

    [Fact]
    public void A_wall_that_jumped_back_is_followed_to_within_the_bound()
    {
        var clock = new HybridClock(maxAheadMilliseconds: 60_000);
        clock.Next(3_600_000, HybridTime.Zero);
        Assert.Equal(new HybridTime(3_600_000, 1), clock.Next(3_550_000, HybridTime.Zero));
        Assert.Equal(new HybridTime(160_000, 1), clock.Next(100_000, HybridTime.Zero));
    }

    [Fact]
    public void A_full_counter_is_the_next_millisecond() =>
        Assert.Equal(new HybridTime(6, 0), new HybridClock().Next(1, seen: new(5, int.MaxValue)));
}
