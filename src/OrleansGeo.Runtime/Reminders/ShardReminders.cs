using Microsoft.Extensions.Logging;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Reminders;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Runtime.Shards;

namespace OrleansGeo.Runtime.Reminders;

/// <summary>
/// The reminders of one shard at its home: one timer, armed for the tick that falls due next. Begins with the home and ends with it; the next
/// home reads from the record which ticks were taken.
/// </summary>
internal sealed partial class ShardReminders
{
    /// <summary>A timer counts monotonic time: if the clock of the day is set, ticks must not be late, or early, by more than this.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly HomeShard _home;
    private readonly IGrainFactory _grains;
    private readonly GeoLimits _limits;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ending;
    private readonly Lock _lock = new();
    private readonly ReminderSchedule _schedule = new();
    private readonly Signal _news = new();
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<(string Record, EntityRecord Reminders)>? _early = [];
    private int _underWay;
    private int _isStarted;

    public ShardReminders(HomeShard home, IGrainFactory grains, GeoLimits limits, TimeProvider time, ILogger logger, CancellationToken stopping)
    {
        (_home, _grains, _limits, _time, _logger) = (home, grains, limits, time, logger);
        _ending = CancellationTokenSource.CreateLinkedTokenSource(home.Closing, stopping);
    }

    /// <summary>Completes when what the record holds is in the schedule; cancelled if the home closes before.</summary>
    public Task WhenLoaded => _loaded.Task;

    /// <summary>Completes when the home has closed and no tick is under way any more.</summary>
    public Task Completion => _completion.Task;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _schedule.Count;
            }
        }
    }

    /// <returns>Whether this call started it.</returns>
    public bool TryStart()
    {
        if (Interlocked.Exchange(ref _isStarted, 1) != 0)
        {
            return false;
        }

        // Whoever asked first may be in a request: its context is not that of the ticks.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(RunAsync, CancellationToken.None);
        }

        return true;
    }

    private async Task RunAsync()
    {
        _home.Changed += Note;
        await using var timer = _time.CreateTimer(static news => ((Signal)news!).Set(), _news, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            await LoadAsync();
            while (!_ending.IsCancellationRequested)
            {
                await CorrectAsync();
                timer.Change(Fire(), Timeout.InfiniteTimeSpan);
                await _news.WaitAsync(_ending.Token);
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The home closed, or the silo stops.
        }
        catch (Exception exception)
        {
            LogFailed(_logger, exception, _home.Id);
        }

        _home.Changed -= Note;
        _loaded.TrySetCanceled();
        while (IsFiring)
        {
            await _news.WaitAsync(CancellationToken.None);
        }

        _ending.Dispose();
        _completion.TrySetResult();
    }

    private async Task LoadAsync()
    {
        while (!_loaded.Task.IsCompleted)
        {
            try
            {
                var stored = await _home.ReadAsync(ReminderRecords.Prefix, _ending.Token);
                lock (_lock)
                {
                    // What changed meanwhile is newer than what was read, and in order.
                    foreach (var (record, reminders) in stored)
                    {
                        Put(record, reminders);
                    }

                    foreach (var (record, reminders) in _early!)
                    {
                        Put(record, reminders);
                    }

                    _early = null;
                }

                _loaded.TrySetResult();
            }
            catch (Exception exception) when (!_ending.IsCancellationRequested)
            {
                LogLoadFailed(_logger, _home.Id, exception.Message);
                await Task.Delay(RetryAfter, _time, _ending.Token);
            }
        }
    }

    /// <summary>A record changed. An unregistered reminder is out of the schedule before whoever unregistered it is told.</summary>
    private void Note(string record, EntityRecord reminders)
    {
        if (!record.StartsWith(ReminderRecords.Prefix, StringComparison.Ordinal))
        {
            return;
        }

        lock (_lock)
        {
            if (_early is { } early)
            {
                early.Add((record, reminders));
            }
            else
            {
                Put(record, reminders);
            }
        }

        _news.Set();
    }

    private void Put(string record, EntityRecord reminders) => _schedule.Put(record[ReminderRecords.Prefix.Length..], reminders);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The reminders of shard {Shard} could not be read and are read again: {Problem}")]
    private static partial void LogLoadFailed(ILogger logger, ShardId shard, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "The reminders of shard {Shard} fire no more until the shard is opened again: their loop failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, ShardId shard);
}
