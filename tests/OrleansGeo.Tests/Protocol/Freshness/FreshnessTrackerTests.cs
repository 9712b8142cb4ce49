using OrleansGeo.Protocol.Freshness;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Tests.Protocol.Freshness;

public sealed class FreshnessTrackerTests
{
    private readonly FreshnessTracker _tracker = new();

    [Fact]
    public void A_replica_is_as_fresh_as_its_home_was_when_it_was_asked_once_it_shows_that()
    {
        _tracker.Answered(At(5), new(2, new(10)));
        _tracker.Shows(2, new(12), new(9));
        Assert.Null(_tracker.FreshAt);
        _tracker.Shows(2, new(12), new(10));
        Assert.Equal(At(5), _tracker.FreshAt);
    }

    [Fact]
    public void What_an_older_home_verified_proves_nothing_about_a_newer_ones_log()
    {
        _tracker.Answered(At(5), new(2, new(10)));
        _tracker.Shows(1, new(20), new(20));
        Assert.Null(_tracker.FreshAt);
        _tracker.Shows(3, new(10), new(10));
        Assert.Equal(At(5), _tracker.FreshAt);
    }

    [Fact]
    public void What_is_applied_and_not_verified_may_be_the_suffix_of_a_lost_epoch()
    {
        _tracker.Answered(At(5), new(2, new(10)));
        _tracker.Shows(2, new(9), new(20));
        Assert.Null(_tracker.FreshAt);
    }

    [Fact]
    public void An_empty_log_is_shown_by_whoever_has_nothing_else_to_show()
    {
        _tracker.Answered(At(5), new(1, LogPosition.Zero));
        _tracker.Shows(0, LogPosition.Zero, new(3));
        Assert.Null(_tracker.FreshAt);
        _tracker.Shows(0, LogPosition.Zero, LogPosition.Zero);
        Assert.Equal(At(5), _tracker.FreshAt);
    }

    [Fact]
    public void A_replica_that_lags_by_more_than_is_remembered_becomes_fresh_again()
    {
        for (var i = 1; i <= 1000; i++)
        {
            _tracker.Answered(At(i), new(1, new(i)));
        }

        _tracker.Shows(1, new(50), new(50));
        Assert.Equal(At(50), _tracker.FreshAt);
        _tracker.Shows(1, new(1000), new(1000));
        Assert.Equal(At(1000), _tracker.FreshAt);
    }

    [Fact]
    public void An_entry_that_was_lost_with_its_epoch_does_not_hide_later_answers()
    {
        _tracker.Answered(At(1), new(1, new(500)));
        _tracker.Answered(At(2), new(2, new(460)));
        _tracker.Shows(2, new(460), new(460));
        Assert.Equal(At(2), _tracker.FreshAt);
    }

    [Fact]
    public void It_never_gets_older_by_an_answer_that_comes_late()
    {
        _tracker.Answered(At(9), new(1, new(1)));
        _tracker.Answered(At(3), new(1, new(1)));
        _tracker.Shows(1, new(1), new(1));
        Assert.Equal(At(9), _tracker.FreshAt);
    }

    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);
}
