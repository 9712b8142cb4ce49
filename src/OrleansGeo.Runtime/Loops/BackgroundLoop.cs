using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace OrleansGeo.Runtime.Loops;

/// <summary>
/// Work that goes on for as long as its owner does: a step, again and again, when the loop is woken, when the time has come that the step before named, or at once where a step itself
/// waits for what it does. Whatever a step throws, the next one comes; only its owner ends a loop, or a step that says that all is done.
/// </summary>
/// <remarks>
/// <para>A step that fails is repeated after a pause, which grows to a bound; signals do not shorten it, and are not lost. The failure is a warning, the same one at most every
/// <see cref="SayAgain"/>, and so is not a flood; that the loop works again is said once. While it fails, <see cref="BackgroundLoops"/> lists it, for health checks and metrics.</para>
/// <para>Steps of one loop never overlap. They run on the thread pool, without the execution context in which the loop was started or woken. Any thread may wake and stop it.</para>
/// </remarks>
internal sealed partial class BackgroundLoop : IDisposable
{
    /// <summary>How long a failure of the same type is not told of again.</summary>
    public static readonly TimeSpan SayAgain = TimeSpan.FromMinutes(1);

    private readonly LoopConfig _config;
    private readonly Func<CancellationToken, ValueTask<LoopNext>> _step;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly BackgroundLoops? _listed;
    private readonly LoopWakeUp _wakeUp = new();

    // Never disposed: it has no timer, and may be stopped after its end, too.
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _until;
    private readonly CancellationTokenRegistration _ending;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isStarted;
    private volatile bool _isDue;
    private volatile LoopFailure? _failure;

    // Of the loop alone: when failures of a type were said last, and whether the present one was.
    private readonly Dictionary<Type, long> _said = [];
    private bool _isSaid;

    /// <param name="config">Its name, and what its failure means.</param>
    /// <param name="step">One step. Its token is cancelled when the loop is stopped; then it is to end soon, however it ends.</param>
    /// <param name="time">Of pauses.</param>
    /// <param name="logger">Of the owner.</param>
    /// <param name="listed">Lists it while it runs; null: its failures show elsewhere.</param>
    /// <param name="until">Stops it, too.</param>
    public BackgroundLoop(
        LoopConfig config, Func<CancellationToken, ValueTask<LoopNext>> step, TimeProvider time, ILogger logger, BackgroundLoops? listed = null, CancellationToken until = default)
    {
        (_config, _step, _time, _logger, _listed, _until) = (config, step, time, logger, listed, until);
        _stopping.Token.UnsafeRegister(static wakeUp => ((LoopWakeUp)wakeUp!).Signal(), _wakeUp);
        _ending = until.UnsafeRegister(static loop => ((BackgroundLoop)loop!).Dispose(), this);
    }

    public LoopConfig Config => _config;

    /// <summary>That it fails now; null: it works, as far as is known.</summary>
    public LoopFailure? Failure => _failure;

    /// <summary>Completes when the last step has ended: the loop was stopped, or all is done. Never fails.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Starts it, once; further calls, and one after it was stopped, do nothing.</summary>
    public void Start()
    {
        if (Interlocked.Exchange(ref _isStarted, 1) != 0)
        {
            return;
        }

        _listed?.Add(this);

        // Without the execution context of the caller, which may be a request.
        ThreadPool.UnsafeQueueUserWorkItem(static loop => _ = loop.RunAsync(), this, preferLocal: false);
    }

    /// <summary>Has it step soon. If it steps now, it steps once more.</summary>
    public void Wake() => _wakeUp.Signal();

    /// <summary>Stops it, and completes when the last step has ended. Not from within a step, which would wait for itself. Never fails.</summary>
    /// <param name="cancellationToken">Gives up waiting for a step that does not end; the loop stays stopped.</param>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await _stopping.CancelAsync();
        EndIfNotStarted();
        await Completion.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Stops it without waiting for the last step.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        EndIfNotStarted();
    }

    /// <summary>A step may see the end of <see cref="_until"/> before this loop is told of it.</summary>
    private bool IsStopping => _stopping.IsCancellationRequested || _until.IsCancellationRequested;

    private void EndIfNotStarted()
    {
        if (Interlocked.Exchange(ref _isStarted, 1) == 0)
        {
            _completion.TrySetResult();
        }
    }

    private async Task RunAsync()
    {
        await using (var timer = _time.CreateTimer(static loop => ((BackgroundLoop)loop!).Due(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan))
        {
            while (!IsStopping)
            {
                var next = await StepAsync();
                if (next.IsEnd)
                {
                    break;
                }

                await WaitAsync(timer, next.Pause);
            }
        }

        _listed?.Remove(this);
        _ending.Unregister();
        _completion.TrySetResult();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<LoopNext> StepAsync()
    {
        try
        {
            var next = await _step(_stopping.Token);
            Worked();
            return next;
        }
        catch (Exception) when (IsStopping)
        {
            // What its owner ends fails in its own ways.
            return LoopNext.End;
        }
        catch (Exception exception)
        {
            return LoopNext.After(Failed(exception));
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WaitAsync(ITimer timer, TimeSpan pause)
    {
        var isDeaf = _failure is not null;
        if (pause == TimeSpan.Zero || (!isDeaf && _wakeUp.TryTake()))
        {
            return;
        }

        _isDue = false;
        timer.Change(pause, Timeout.InfiniteTimeSpan);
        do
        {
            await _wakeUp.WaitAsync();
        }
        while (isDeaf && !_isDue && !IsStopping);
        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void Due()
    {
        _isDue = true;
        _wakeUp.Signal();
    }

    private void Worked()
    {
        if (_failure is { } failure)
        {
            _failure = null;
            Recovered(failure);
        }
    }

    private void Recovered(LoopFailure failure)
    {
        if (_isSaid)
        {
            _isSaid = false;
            var seconds = _time.GetElapsedTime(failure.Since).TotalSeconds;
            Say(() => LogWorks(_logger, _config.FullName, seconds, failure.Times));
        }
    }

    /// <returns>After how long it is to be tried again.</returns>
    private TimeSpan Failed(Exception exception)
    {
        var before = _failure;
        var failure = new LoopFailure(before?.Since ?? _time.GetTimestamp(), (before?.Times ?? 0) + 1, exception);
        _failure = failure;
        _listed?.Count(this);
        var pause = PauseAfter(failure.Times);
        var isNews = !_said.TryGetValue(exception.GetType(), out var said) || _time.GetElapsedTime(said) >= SayAgain;
        if (isNews && _time.GetElapsedTime(failure.Since) >= _config.Tolerance)
        {
            (_said[exception.GetType()], _isSaid) = (_time.GetTimestamp(), true);
            Say(() => LogFailed(_logger, exception, _config.FullName, failure.Problem, _config.Effect, pause.TotalSeconds, _config.LongestPause.TotalSeconds));
        }
        else
        {
            Say(() => LogFailedAgain(_logger, _config.FullName, failure.Problem));
        }

        return pause;
    }

    private TimeSpan PauseAfter(int failures)
    {
        var pause = _config.FirstPause;
        for (var i = 1; i < failures && pause < _config.LongestPause; i++)
        {
            pause *= 2;
        }

        return pause < _config.LongestPause ? pause : _config.LongestPause;
    }

    /// <summary>A log that cannot be written must not end what the log is about.</summary>
    private static void Say(Action log)
    {
        try
        {
            log();
        }
        catch (Exception)
        {
            // There is nowhere to say it.
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The loop '{Loop}' failed: {Problem}. Until it works again, {Effect}. It is tried again after {Pause:0.##} s, and later at least every {LongestPause:0.##} s; if it does not recover by itself, mend what the problem names, or restart this process.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string loop, string problem, string effect, double pause, double longestPause);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The loop '{Loop}' failed and is tried again: {Problem}.")]
    private static partial void LogFailedAgain(ILogger logger, string loop, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "The loop '{Loop}' works again, after {Seconds:0.0} s and {Times} failures.")]
    private static partial void LogWorks(ILogger logger, string loop, double seconds, int times);
}
