using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace OrleansGeo.Runtime.Loops;

/// <summary>The loops of this process: makes them, lists those that run, and measures which fail. Thread-safe.</summary>
internal sealed class BackgroundLoops : IBackgroundHealth, IDisposable
{
    private readonly Lock _lock = new();
    private readonly HashSet<BackgroundLoop> _running = [];
    private readonly Dictionary<string, long> _failures = new(StringComparer.Ordinal);
    private readonly Meter _meter = new("OrleansGeo.Loops");
    private readonly TimeProvider _time;

    public BackgroundLoops(TimeProvider time)
    {
        _time = time;
        _meter.CreateObservableGauge("orleansgeo.loops.failing", MeasureFailing, "{loop}", "Background loops of this process that fail now, by their name.");
        _meter.CreateObservableCounter("orleansgeo.loops.failures", MeasureFailures, "{failure}", "Failures of background loops, by their name. Each is repeated.");
    }

    /// <summary>Makes a loop whose steps come when it is woken, and at the latest after an interval. Its owner starts and stops it.</summary>
    public BackgroundLoop CreatePeriodic(LoopConfig config, TimeSpan interval, Func<CancellationToken, Task> step, ILogger logger) => Create(
        config,
        async stop =>
        {
            await step(stop);
            return LoopNext.After(interval);
        },
        logger);

    /// <summary>Makes a loop whose steps come one after the other, and themselves wait for what they do: a long poll. Its owner starts and stops it.</summary>
    public BackgroundLoop CreateContinuous(LoopConfig config, Func<CancellationToken, Task> step, ILogger logger) => Create(
        config,
        async stop =>
        {
            await step(stop);
            return LoopNext.Now;
        },
        logger);

    /// <summary>Makes a loop whose steps say themselves what comes next. Its owner starts and stops it.</summary>
    public BackgroundLoop Create(LoopConfig config, Func<CancellationToken, ValueTask<LoopNext>> step, ILogger logger, CancellationToken until = default) =>
        new(config, step, _time, logger, this, until);

    public ImmutableArray<FailingLoop> GetFailing()
    {
        lock (_lock)
        {
            return
            [
                .. _running.Select(static loop => (Loop: loop, loop.Failure)).Where(static at => at.Failure is not null)
                    .Select(at => new FailingLoop(at.Loop.Config.Name, at.Loop.Config.Of, _time.GetElapsedTime(at.Failure!.Since), at.Failure.Times, at.Failure.Problem, at.Loop.Config.Effect))
                    .OrderByDescending(static failing => failing.For),
            ];
        }
    }

    public void Dispose() => _meter.Dispose();

    internal void Add(BackgroundLoop loop)
    {
        lock (_lock)
        {
            _running.Add(loop);
            _failures.TryAdd(loop.Config.Name, 0);
        }
    }

    internal void Remove(BackgroundLoop loop)
    {
        lock (_lock)
        {
            _running.Remove(loop);
        }
    }

    internal void Count(BackgroundLoop loop)
    {
        lock (_lock)
        {
            _failures[loop.Config.Name]++;
        }
    }

    private List<Measurement<int>> MeasureFailing()
    {
        lock (_lock)
        {
            return [.. _running.GroupBy(static loop => loop.Config.Name).Select(static group => new Measurement<int>(group.Count(static loop => loop.Failure is not null), Tag(group.Key)))];
        }
    }

    private List<Measurement<long>> MeasureFailures()
    {
        lock (_lock)
        {
            return [.. _failures.Select(static failures => new Measurement<long>(failures.Value, Tag(failures.Key)))];
        }
    }

    private static KeyValuePair<string, object?> Tag(string loop) => new("orleansgeo.loop", loop);
}
