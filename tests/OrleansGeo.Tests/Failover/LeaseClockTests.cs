using OrleansGeo.Runtime.Failover;

namespace OrleansGeo.Tests.Failover;

/// <summary>What a lease's clock makes of a monotonic clock and a wall clock.</summary>
public sealed class LeaseClockTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private TimeSpan _monotonic = TimeSpan.FromHours(5);
    private TimeSpan _wall = TimeSpan.FromDays(700_000);

    /// <summary>By how much the machine stands still between two readings.</summary>
    private TimeSpan _between;

    [Fact]
    public void It_counts_what_only_the_wall_clock_counted()
    {
        var clock = Start(out var start);
        _wall += 60 * Second;
        Assert.Equal(60 * Second, clock.Now - start);
        Pass(Second);
        Assert.Equal(61 * Second, clock.Now - start);
    }

    [Fact]
    public void Time_that_both_counted_is_counted_once()
    {
        var clock = Start(out var start);
        Pass(60 * Second);
        Assert.Equal(60 * Second, clock.Now - start);
    }

    [Fact]
    public void A_wall_clock_that_is_set_back_changes_nothing_and_a_later_pause_is_counted_in_full()
    {
        var clock = Start(out var start);
        _wall -= 3600 * Second;
        Assert.Equal(start, clock.Now);
        _wall += 2 * Second;
        Assert.Equal(2 * Second, clock.Now - start);
    }

    [Fact]
    public void A_wall_clock_that_is_slewed_is_no_pause()
    {
        var clock = Start(out var start);
        for (var i = 0; i < 10_000; i++)
        {
            Pass(TimeSpan.FromMilliseconds(10));
            _wall += TimeSpan.FromMicroseconds(5);
            _ = clock.Now;
        }

        Assert.Equal(100 * Second, clock.Now - start);
    }

    /// <summary>The thread stands still after it has read one clock, before the other.</summary>
    [Fact]
    public void A_thread_that_stands_still_between_two_readings_invents_no_pause()
    {
        var clock = Start(out var start);
        for (var i = 0; i < 10; i++)
        {
            _between = Second;
            _ = clock.Now;
            _between = TimeSpan.Zero;
            _ = clock.Now;
        }

        Assert.InRange(clock.Now - start, 10 * Second, 30 * Second);
        Assert.Equal(_monotonic - TimeSpan.FromHours(5), clock.Now - start);
    }

    [Fact]
    public void It_never_goes_back_however_many_ask()
    {
        var clock = new LeaseClock();
        Parallel.For(0, 4, _ =>
        {
            var last = clock.Now;
            for (var i = 0; i < 100_000; i++)
            {
                var now = clock.Now;
                Assert.True(now >= last);
                last = now;
            }
        });
    }

    private LeaseClock Start(out TimeSpan now)
    {
        var clock = new LeaseClock(() => _monotonic, () =>
        {
            Pass(_between);
            return _wall;
        });
        now = clock.Now;
        return clock;
    }

    private void Pass(TimeSpan time) => (_monotonic, _wall) = (_monotonic + time, _wall + time);
}
