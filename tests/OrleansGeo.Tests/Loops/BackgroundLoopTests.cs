using System.Diagnostics.Metrics;
using OrleansGeo.Runtime.Loops;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Loops;

/// <summary>Loops by a clock that the test moves. Each step is let go on by the test, or ends by itself.</summary>
public sealed class BackgroundLoopTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly LoopTime _time = new();
    private readonly LoopLog _log = new();
    private readonly BackgroundLoops _loops;
    private BackgroundLoop? _loop;
    private int _steps;

    public BackgroundLoopTests() => _loops = new(_time);

    public void Dispose()
    {
        _loop?.Dispose();
        _loops.Dispose();
    }

    [Fact]
    public async Task A_step_comes_when_the_loop_is_woken_and_at_the_latest_after_its_interval()
    {
        Periodic(10 * Second, static _ => Task.CompletedTask);
        await StepsAsync(1);
        await _time.WhenArmedAsync(10 * Second);
        _loop!.Wake();
        await StepsAsync(2);
        await _time.WhenArmedAsync(10 * Second);
        _time.Advance(10 * Second);
        await StepsAsync(3);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task Signals_that_come_during_a_step_are_one_further_step()
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Periodic(10 * Second, _ => goOn.Task);
        await StepsAsync(1);
        _loop!.Wake();
        _loop.Wake();
        goOn.SetResult();
        await StepsAsync(2);
        await _time.WhenArmedAsync(10 * Second);
        Assert.Equal(2, Volatile.Read(ref _steps));
    }

    [Fact]
    public async Task A_step_that_waits_for_what_it_does_is_followed_by_the_next_at_once()
    {
        using var news = new SemaphoreSlim(0);
        _loop = _loops.CreateContinuous(Config(), Counted(news.WaitAsync), _log);
        _loop.Start();
        for (var i = 1; i <= 3; i++)
        {
            await StepsAsync(i);
            news.Release();
        }

        await StepsAsync(4);
    }

    [Fact]
    public async Task Whatever_a_step_throws_the_next_one_comes_after_a_pause_that_doubles_up_to_its_bound()
    {
        var failures = new Queue<Exception>([new IOException("one"), new OperationCanceledException("two"), new InvalidOperationException("three"), new TimeoutException("four"), new ArgumentException("five")]);
        Periodic(10 * Second, _ => failures.TryDequeue(out var failure) ? Task.FromException(failure) : Task.CompletedTask);
        foreach (var pause in new[] { 1, 2, 4, 5, 5 })
        {
            await _time.WhenArmedAsync(pause * Second);
            _time.Advance(pause * Second);
        }

        await StepsAsync(6);
        await _time.WhenArmedAsync(10 * Second);
    }

    [Fact]
    public async Task A_signal_neither_shortens_the_pause_after_a_failure_nor_is_lost()
    {
        var isBroken = true;
        Periodic(10 * Second, _ => isBroken ? Task.FromException(new IOException("broken")) : Task.CompletedTask);
        await _time.WhenArmedAsync(Second);
        for (var i = 0; i < 100; i++)
        {
            _loop!.Wake();
        }

        // Whatever it makes of the signals, it has done when it has had time for as many steps of another loop.
        await BesideAsync();
        Assert.Equal(1, Volatile.Read(ref _steps));
        isBroken = false;
        _time.Advance(Second);
        await StepsAsync(2);
    }

    [Fact]
    public async Task The_same_failure_is_told_of_once_a_minute_another_at_once_and_that_the_loop_works_again_once()
    {
        Exception? failure = new IOException("The disk is full.");
        Periodic(Second, _ => failure is null ? Task.CompletedTask : Task.FromException(failure));
        await PassAsync(Second, 2 * Second, 4 * Second, 5 * Second);
        Assert.Equal(
            ["Warning: The loop 'test of x' failed: The disk is full. Until it works again, nothing is tested. It is tried again after 1 s, and later at least every 5 s; if it does not recover by itself, mend what the problem names, or restart this process."],
            _log.Lines);

        failure = new InvalidOperationException("Something else");
        await PassAsync(5 * Second, 5 * Second);
        Assert.Equal(2, _log.Lines.Count);
        Assert.Contains("Something else. Until", _log.Lines[1], StringComparison.Ordinal);

        await PassAsync([.. Enumerable.Repeat(5 * Second, 13)]);
        Assert.Equal(3, _log.Lines.Count);

        failure = null;
        await PassAsync(5 * Second, Second, Second);
        Assert.Equal(4, _log.Lines.Count);
        Assert.Matches("^Information: The loop 'test of x' works again, after [0-9]+\\.0 s and [0-9]+ failures\\.$", _log.Lines[3]);
    }

    /// <summary>A loop that fails every other time would otherwise tell of both, for ever.</summary>
    [Fact]
    public async Task A_loop_that_fails_now_and_then_is_told_of_once_a_minute()
    {
        var isOdd = false;
        Periodic(Second, _ => (isOdd = !isOdd) ? Task.FromException(new IOException("flaps")) : Task.CompletedTask);
        await PassAsync([.. Enumerable.Repeat(Second, 30)]);
        Assert.Equal(["Warning", "Information"], _log.Lines.Select(static line => line.Split(':')[0]));
        await PassAsync([.. Enumerable.Repeat(Second, 40)]);
        Assert.Equal(["Warning", "Information", "Warning", "Information"], _log.Lines.Select(static line => line.Split(':')[0]));
    }

    [Fact]
    public async Task Failures_that_take_turns_are_told_of_once_a_minute_each()
    {
        var isOdd = false;
        Periodic(Second, _ => Task.FromException((isOdd = !isOdd) ? new IOException("odd") : new TimeoutException("even")));
        await PassAsync(Second, 2 * Second, 4 * Second, 5 * Second, 5 * Second, 5 * Second);
        Assert.Equal(2, _log.Lines.Count);
    }

    [Fact]
    public async Task What_passes_within_the_tolerance_is_no_warning()
    {
        var failures = 2;
        _loop = _loops.CreatePeriodic(Config() with { Tolerance = 5 * Second }, 10 * Second, Counted(_ => failures-- > 0 ? Task.FromException(new IOException("in passing")) : Task.CompletedTask), _log);
        _loop.Start();
        await PassAsync(Second, 2 * Second);
        await _time.WhenArmedAsync(10 * Second);
        Assert.Empty(_log.Lines);

        failures = int.MaxValue;
        await PassAsync(10 * Second, Second, 2 * Second, 4 * Second);
        await _time.WhenArmedAsync(5 * Second);
        Assert.Single(_log.Lines);
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_ends_no_loop()
    {
        var isBroken = _log.IsBroken = true;
        Periodic(10 * Second, _ => isBroken ? Task.FromException(new IOException("broken")) : Task.CompletedTask);
        await PassAsync(Second, 2 * Second);
        isBroken = false;
        await PassAsync(4 * Second);
        await _time.WhenArmedAsync(10 * Second);
    }

    [Fact]
    public async Task A_loop_that_fails_is_listed_and_measured_until_it_works()
    {
        var isBroken = true;
        Periodic(10 * Second, _ => isBroken ? Task.FromException(new IOException("The disk is full.")) : Task.CompletedTask);
        await PassAsync(Second);
        await _time.WhenArmedAsync(2 * Second);
        Assert.Equal(new FailingLoop("test", "of x", Second, 2, "The disk is full", "nothing is tested"), Assert.Single(_loops.GetFailing()));
        Assert.Equal((1, 2), (Measure("orleansgeo.loops.failing"), Measure("orleansgeo.loops.failures")));

        isBroken = false;
        await PassAsync(2 * Second);
        await _time.WhenArmedAsync(10 * Second);
        Assert.Empty(_loops.GetFailing());
        Assert.Equal((0, 2), (Measure("orleansgeo.loops.failing"), Measure("orleansgeo.loops.failures")));
    }

    [Fact]
    public async Task A_loop_that_fails_and_is_stopped_is_not_listed()
    {
        Periodic(10 * Second, static _ => Task.FromException(new IOException("broken")));
        await _time.WhenArmedAsync(Second);
        await Wait.ForAsync("it ends within its pause", _loop!.StopAsync());
        Assert.Empty(_loops.GetFailing());
    }

    [Theory]
    [InlineData("waits")]
    [InlineData("steps")]
    [InlineData("pauses")]
    [InlineData("has not started")]
    public async Task A_loop_that_is_stopped_ends_at_once_wherever_it_is(string where)
    {
        Func<CancellationToken, Task> step = where switch
        {
            "steps" => stop => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop),
            "pauses" => static _ => Task.FromException(new IOException("broken")),
            _ => static _ => Task.CompletedTask,
        };
        _loop = _loops.CreatePeriodic(Config(), 10 * Second, Counted(step), _log);
        if (where != "has not started")
        {
            _loop.Start();
            await StepsAsync(1);
        }

        await Wait.ForAsync("it ends", _loop.StopAsync());
        await Wait.ForAsync("it ends once", _loop.StopAsync());
        _loop.Start();
        _loop.Wake();
        Assert.True(_loop.Completion.IsCompletedSuccessfully);
        Assert.Equal(where == "has not started" ? 0 : 1, Volatile.Read(ref _steps));
        Assert.Equal(where == "pauses" ? 1 : 0, _log.Lines.Count);
    }

    /// <summary>A step that reads the token sees the end before the loop is told of it: that a step fails then is no failure.</summary>
    [Fact]
    public async Task A_loop_ends_with_what_it_is_a_part_of()
    {
        using var until = new CancellationTokenSource();
        _loop = _loops.Create(
            Config(),
            async _ =>
            {
                Interlocked.Increment(ref _steps);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, until.Token);
                return LoopNext.Now;
            },
            _log,
            until.Token);
        _loop.Start();
        await StepsAsync(1);
        await until.CancelAsync();
        await Wait.ForAsync("it ends", _loop.Completion);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task A_step_that_says_that_all_is_done_ends_the_loop()
    {
        var failures = 1;
        _loop = _loops.Create(
            Config(),
            _ =>
            {
                Interlocked.Increment(ref _steps);
                return failures-- > 0 ? throw new IOException("not yet") : new(LoopNext.End);
            },
            _log);
        _loop.Start();
        await PassAsync(Second);
        await Wait.ForAsync("it ends", _loop.Completion);
    }

    [Fact]
    public async Task Stopping_gives_up_a_step_that_does_not_end_when_it_is_told_to_hurry()
    {
        var never = new TaskCompletionSource();
        Periodic(10 * Second, _ => never.Task);
        await StepsAsync(1);
        using var hurry = new CancellationTokenSource();
        var stopping = _loop!.StopAsync(hurry.Token);
        Assert.False(stopping.IsCompleted);
        await hurry.CancelAsync();
        await Wait.ForAsync("it is given up", stopping);
        Assert.False(_loop.Completion.IsCompleted);
        never.SetResult();
        await Wait.ForAsync("it ends", _loop.Completion);
        Assert.Equal(1, Volatile.Read(ref _steps));
    }

    [Fact]
    public async Task Steps_do_not_run_in_the_context_in_which_the_loop_was_started_or_woken()
    {
        var context = new AsyncLocal<string?> { Value = "a request" };
        var seen = new List<string?>();
        Periodic(10 * Second, _ =>
        {
            seen.Add(context.Value);
            return Task.CompletedTask;
        });
        await StepsAsync(1);
        await _time.WhenArmedAsync(10 * Second);
        _loop!.Wake();
        await StepsAsync(2);
        await _time.WhenArmedAsync(10 * Second);
        Assert.Equal([null, null], seen);
    }

    private static LoopConfig Config() => new() { Name = "test", Of = "of x", Effect = "nothing is tested", FirstPause = Second, LongestPause = 5 * Second };

    private void Periodic(TimeSpan interval, Func<CancellationToken, Task> step)
    {
        _loop = _loops.CreatePeriodic(Config(), interval, Counted(step), _log);
        _loop.Start();
    }

    private Func<CancellationToken, Task> Counted(Func<CancellationToken, Task> step) => stop =>
    {
        Interlocked.Increment(ref _steps);
        return step(stop);
    };

    private Task StepsAsync(int steps) => Wait.UntilAsync($"step {steps} has begun", () => Task.FromResult(Volatile.Read(ref _steps) >= steps));

    /// <summary>Lets pauses pass, one after the other, each once it is begun.</summary>
    private async Task PassAsync(params TimeSpan[] pauses)
    {
        foreach (var pause in pauses)
        {
            await _time.WhenArmedAsync(pause);
            var before = Volatile.Read(ref _steps);
            _time.Advance(pause);
            await StepsAsync(before + 1);
        }

        // Its step has ended, too.
        if (!_loop!.Completion.IsCompleted)
        {
            await Wait.UntilAsync("it pauses, or has ended", () => Task.FromResult(_loop.Completion.IsCompleted || _time.IsArmed));
        }
    }

    /// <summary>Another loop is woken a hundred times, and has stepped for the last of them.</summary>
    private async Task BesideAsync()
    {
        var steps = 0;
        using var beside = new BackgroundLoop(
            Config(),
            _ =>
            {
                Interlocked.Increment(ref steps);
                return new(LoopNext.WhenWoken);
            },
            _time,
            _log);
        beside.Start();
        for (var i = 1; i <= 100; i++)
        {
            beside.Wake();
            await Wait.UntilAsync("the other loop has stepped", () => Task.FromResult(Volatile.Read(ref steps) >= i));
        }
    }

    private long Measure(string instrument)
    {
        var sum = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (published, to) =>
        {
            if (published.Name == instrument)
            {
                to.EnableMeasurementEvents(published);
            }
        };
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) => Add(value, tags));
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => Add(value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return sum;

        // Other silos of this process measure theirs under other names.
        void Add(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags.Contains(new("orleansgeo.loop", "test")))
            {
                sum += value;
            }
        }
    }
}
