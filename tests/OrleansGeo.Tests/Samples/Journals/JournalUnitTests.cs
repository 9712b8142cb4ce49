using OrleansGeo.Testing;

namespace OrleansGeo.Tests.Samples.Journals;

/// <summary>A class with a timer alone: the test says when it ticks.</summary>
public sealed class JournalUnitTests
{
    [Fact]
    public async Task A_tick_writes_what_is_buffered()
    {
        await using var log = new GeoTestGrain<Journal>("log");
        var journal = await log.ActivateAsync();
        await journal.Add("a");
        Assert.Empty(log.State<JournalState>("journal").Stored.Lines);

        await log.Timers.TickAsync();

        Assert.Equal(["a"], log.State<JournalState>("journal").Stored.Lines);
        Assert.Equal(["a"], await journal.Confirmed());
        await log.Timers.TickAsync();
        Assert.Equal(1, log.State<JournalState>("journal").Writes);
    }

    [Fact]
    public async Task A_tick_whose_write_fails_confirms_nothing_and_the_next_one_writes()
    {
        await using var log = new GeoTestGrain<Journal>("log");
        var journal = await log.ActivateAsync();
        await journal.Add("a");
        log.State<JournalState>("journal").FailNextWrite(new GeoError(GeoErrorCode.NotHome, "As the test says.").ToException());

        await Assert.ThrowsAsync<GeoException>(() => log.Timers.TickAsync());
        Assert.Empty(await journal.Confirmed());
        await log.Timers.TickAsync();

        Assert.Equal(["a"], log.State<JournalState>("journal").Stored.Lines);
    }

    [Fact]
    public async Task A_deactivation_writes_what_is_buffered_and_a_crash_loses_it()
    {
        await using var log = new GeoTestGrain<Journal>("log");
        await (await log.ActivateAsync()).Add("kept");
        await log.DeactivateAsync();
        Assert.Equal(0, log.Timers.Count);
        await (await log.ActivateAsync()).Add("lost");
        log.Crash();

        Assert.Equal(["kept"], await (await log.ActivateAsync()).Lines());
    }
}
