using System.Net;
using Orleans.Runtime;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Tests.Storage;

namespace OrleansGeo.Tests.Failover;

/// <summary>Which silo of a region has which home: none has one that another may still call fresh.</summary>
public sealed class ShardGrantsTests
{
    private const double Margin = 0.02;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly SiloAddress One = SiloAddress.New(IPAddress.Loopback, 1, 1);
    private static readonly SiloAddress Two = SiloAddress.New(IPAddress.Loopback, 2, 1);
    private static readonly SiloAddress Three = SiloAddress.New(IPAddress.Loopback, 3, 1);

    private readonly LeaseClock _clock = new(static () => TimeSpan.FromHours(1), static () => TimeSpan.FromHours(1));
    private readonly HandTime _time = new();
    private readonly ShardGrants _grants;

    public ShardGrantsTests() => _grants = new(_clock, _time, Margin);

    [Fact]
    public async Task What_no_other_silo_has_is_begun_at_once()
    {
        await _grants.ClaimAsync("q-1", One);
        var claim = await _grants.ClaimAsync("q-1", One);
        _grants.Grant(One, Reply(4000));
        _grants.Release("q-1", One, claim);
        await _grants.ClaimAsync("q-1", Two);
    }

    /// <summary>The silo lives: it is told, and closes the home before it asks again.</summary>
    [Fact]
    public async Task A_home_is_begun_when_the_silo_that_had_it_says_that_it_closed_it()
    {
        await _grants.ClaimAsync("q-1", One);
        Assert.Null(_grants.Grant(One, Reply(4000)).Taken);
        var news = _grants.WhenNews;
        var claim = _grants.ClaimAsync("q-1", Two);
        await news;
        Assert.False(claim.IsCompleted);

        // It had asked before: it is told now, and has not heard yet.
        Assert.True(_grants.Heard(One, 0));
        var told = _grants.Grant(One, Reply(4000));
        Assert.Equal(["q-1"], told.Taken!);
        Assert.False(claim.IsCompleted);
        Assert.False(_grants.Heard(One, told.TakenNumber));
        await claim;
        Assert.Null(_grants.Grant(One, Reply(4000)).Taken);
        Assert.Null(_grants.Grant(Two, Reply(4000)).Taken);
    }

    /// <summary>It does not ask again: paused, cut off, dead. What it is granted afterwards says that it has the home no more, and counts for nothing.</summary>
    [Fact]
    public async Task A_home_is_begun_when_the_last_grant_of_a_silo_that_is_silent_has_ended()
    {
        await _grants.ClaimAsync("q-1", One);
        _grants.Grant(One, Reply(4000));
        _grants.Grant(One, Reply(0));
        var claim = _grants.ClaimAsync("q-1", Two);
        Assert.Equal(TimeSpan.FromMilliseconds(4000 * (1 + Margin)), await _time.ArmedAsync());
        Assert.False(claim.IsCompleted);
        _time.Fire();
        await claim;

        await _grants.ClaimAsync("q-2", One);
        _clock.Advance(TimeSpan.FromSeconds(5));
        await _grants.ClaimAsync("q-2", Two);
    }

    [Fact]
    public async Task What_was_heard_of_another_run_says_nothing()
    {
        var other = new ShardGrants(_clock, _time, Margin);
        await other.ClaimAsync("q-1", One);
        _ = other.ClaimAsync("q-1", Two);
        var heard = other.Grant(One, Reply(4000)).TakenNumber;

        await _grants.ClaimAsync("q-1", One);
        _grants.Grant(One, Reply(4000));
        var claim = _grants.ClaimAsync("q-1", Two);
        Assert.True(_grants.Heard(One, heard));
        Assert.False(claim.IsCompleted);
    }

    /// <summary>Orleans may move it on while the second silo waits for the first.</summary>
    /// <summary>Orleans may move it on while the second silo waits for the first.</summary>
    [Fact]
    public Task Of_two_that_want_a_home_the_second_waits_for_the_first() => OnSchedulerAsync(async () =>
    {
        await _grants.ClaimAsync("q-1", One);
        _grants.Grant(One, Reply(4000));
        _grants.Grant(Two, Reply(4000));
        _grants.Grant(Three, Reply(4000));
        var second = _grants.ClaimAsync("q-1", Two);
        var third = _grants.ClaimAsync("q-1", Three);
        _grants.Heard(One, _grants.Grant(One, Reply(4000)).TakenNumber);
        await Task.WhenAny(second, third).WaitAsync(Patience);
        Assert.NotEqual(second.IsCompleted, third.IsCompleted);
        var (had, last) = second.IsCompleted ? (Two, third) : (Three, second);
        await HearAsync(had, last);
    });

    /// <summary>What it closed is not what it has: the one that waits takes the newer claim, too.</summary>
    [Fact]
    public Task A_silo_that_claims_again_what_is_being_taken_from_it_is_told_again() => OnSchedulerAsync(async () =>
    {
        await _grants.ClaimAsync("q-1", One);
        _grants.Grant(One, Reply(4000));
        var other = _grants.ClaimAsync("q-1", Two);
        await _grants.ClaimAsync("q-1", One);
        while (_grants.Grant(One, Reply(4000)).Taken is null)
        {
            await Task.Yield();
        }

        Assert.False(other.IsCompleted);
        await HearAsync(One, other);
    });

    [Fact]
    public async Task A_late_release_gives_no_later_claim_away()
    {
        var first = await _grants.ClaimAsync("q-1", One);
        await _grants.ClaimAsync("q-1", One);
        _grants.Grant(One, Reply(4000));
        _grants.Release("q-1", One, first);
        Assert.False(_grants.ClaimAsync("q-1", Two).IsCompleted);
    }

    [Fact]
    public async Task A_claim_ends_with_the_run_that_it_was_made_of()
    {
        using var ends = new CancellationTokenSource();
        await _grants.ClaimAsync("q-1", One);
        _grants.Grant(One, Reply(4000));
        var claim = _grants.ClaimAsync("q-1", Two, ends.Token);
        await ends.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => claim.WaitAsync(Patience));
    }

    /// <summary>What it was told of before does not close what it begins again.</summary>
    [Fact]
    public async Task A_silo_that_gets_a_home_back_is_not_told_any_more_that_it_has_it_not()
    {
        await _grants.ClaimAsync("q-1", One);
        await _grants.ClaimAsync("q-1", Two);
        Assert.NotNull(_grants.Grant(One, Reply(0)).Taken);
        await _grants.ClaimAsync("q-1", One);
        Assert.Null(_grants.Grant(One, Reply(0)).Taken);
    }

    /// <summary>A silo asks again and again, and does what it is told, until another one has the home.</summary>
    private async Task HearAsync(SiloAddress silo, Task claim)
    {
        while (!claim.IsCompleted)
        {
            _grants.Heard(silo, _grants.Grant(silo, Reply(4000)).TakenNumber);
            await Task.Yield();
        }

        await claim;
    }

    /// <summary>One thing at a time, as on a grain.</summary>
    private static Task OnSchedulerAsync(Func<Task> test) =>
        Task.Factory.StartNew(test, CancellationToken.None, TaskCreationOptions.None, new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler).Unwrap();

    private static FollowReply Reply(double remainingMs) => new(1, null, 7, remainingMs, [], IsTrusted: true);
}
