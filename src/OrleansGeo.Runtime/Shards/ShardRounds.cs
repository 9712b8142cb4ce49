using Microsoft.Extensions.Logging;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Runtime.Shards;

/// <summary>
/// Work that each of many shards needs now and then: at most once at a time for each, and for so many at a time. What hangs for one shard holds up that shard alone. Thread-safe.
/// </summary>
/// <remarks>Work that takes longer than its patience gives its place to another shard's, and is told of; it goes on, and its shard has no other meanwhile.</remarks>
/// <typeparam name="T">What stands for a shard.</typeparam>
internal sealed partial class ShardRounds<T>
    where T : notnull
{
    /// <summary>How long the same shard is not told of again.</summary>
    private static readonly TimeSpan SayAgain = TimeSpan.FromMinutes(1);

    /// <summary>In place of since when work is under way: it took too long, and is not counted any more.</summary>
    private const long Slow = -1;

    private readonly ShardRoundsConfig _config;
    private readonly Func<T, ShardId> _idOf;
    private readonly Func<T, Task> _work;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly Queue<T> _waiting = [];

    /// <summary>Those that wait or are under way.</summary>
    private readonly HashSet<T> _asked = [];
    private readonly Dictionary<T, long> _running = [];
    private readonly Dictionary<ShardId, long> _said = [];
    private TaskCompletionSource? _idle;
    private int _counted;

    /// <param name="config">What it is, and its bounds.</param>
    /// <param name="idOf">The shard's name.</param>
    /// <param name="work">What is to be done for a shard.</param>
    /// <param name="time">Monotonic time.</param>
    /// <param name="logger">Of the owner.</param>
    public ShardRounds(ShardRoundsConfig config, Func<T, ShardId> idOf, Func<T, Task> work, TimeProvider time, ILogger logger) =>
        (_config, _idOf, _work, _time, _logger) = (config, idOf, work, time, logger);

    /// <summary>Has the work done for these, each in its turn; not for those for which it waits or is under way. To be called now and then: it is also when what is slow is noticed.</summary>
    public void Ask(IEnumerable<T> shards)
    {
        lock (_lock)
        {
            foreach (var shard in shards)
            {
                if (_asked.Add(shard))
                {
                    _waiting.Enqueue(shard);
                }
            }
        }

        NoteSlow();
        Begin();
    }

    /// <summary>Begins nothing any more. Completes when nothing is under way.</summary>
    public Task DrainAsync()
    {
        lock (_lock)
        {
            _waiting.Clear();
            _idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_running.Count == 0)
            {
                _idle.TrySetResult();
            }

            return _idle.Task;
        }
    }

    private void Begin()
    {
        while (TryTake(out var shard))
        {
            var running = RunAsync(shard);
            if (!running.IsCompleted)
            {
                _ = GoOnAsync(running);
            }
        }
    }

    private async Task GoOnAsync(Task before)
    {
        await before;
        Begin();
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T shard)
    {
        lock (_lock)
        {
            shard = default;
            if (_counted >= _config.AtOnce || _idle is not null || !_waiting.TryDequeue(out shard))
            {
                return false;
            }

            _counted++;
            _running.Add(shard, _time.GetTimestamp());
            return true;
        }
    }

    private async Task RunAsync(T shard)
    {
        try
        {
            await _work(shard);
            Ended(shard);
        }
        catch (Exception exception)
        {
            if (Ended(shard) && IsNews(_idOf(shard)))
            {
                LogFailed(_logger, _config.What, _idOf(shard), exception.Message.TrimEnd('.', ' '), _config.Effect);
            }
        }
    }

    /// <returns>Whether it was not ended because all is.</returns>
    private bool Ended(T shard)
    {
        lock (_lock)
        {
            _running.Remove(shard, out var since);
            _asked.Remove(shard);
            _counted -= since == Slow ? 0 : 1;
            if (_idle is { } idle && _running.Count == 0)
            {
                idle.TrySetResult();
            }

            return _idle is null;
        }
    }

    private void NoteSlow()
    {
        List<T>? slow = null;
        lock (_lock)
        {
            foreach (var (shard, since) in _running)
            {
                if (since != Slow && _time.GetElapsedTime(since) >= _config.Patience)
                {
                    (slow ??= []).Add(shard);
                }
            }

            foreach (var shard in slow ?? [])
            {
                _running[shard] = Slow;
                _counted--;
            }
        }

        foreach (var shard in slow ?? [])
        {
            if (IsNews(_idOf(shard)))
            {
                LogSlow(_logger, _config.What, _idOf(shard), _config.Patience.TotalSeconds, _config.Effect);
            }
        }
    }

    private bool IsNews(ShardId shard)
    {
        lock (_lock)
        {
            if (_said.TryGetValue(shard, out var before) && _time.GetElapsedTime(before) < SayAgain)
            {
                return false;
            }

            _said[shard] = _time.GetTimestamp();
            return true;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The {What} of shard {Shard} failed and is tried again: {Problem}. Meanwhile {Effect}; other shards are not concerned. If it goes on, mend what the problem names.")]
    private static partial void LogFailed(ILogger logger, string what, ShardId shard, string problem, string effect);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The {What} of shard {Shard} has taken more than {Seconds:0.#} s and is still waited for. Meanwhile {Effect}; other shards are not concerned. If it goes on, look at this region's store.")]
    private static partial void LogSlow(ILogger logger, string what, ShardId shard, double seconds, string effect);
}
