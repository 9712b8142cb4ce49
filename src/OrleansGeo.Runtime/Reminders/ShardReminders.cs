using Microsoft.Extensions.Logging;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Reminders;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Loops;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.Shards.Records;

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
    private readonly BackgroundLoop _loop;
    private readonly CancellationTokenSource _ending;
    private readonly Lock _lock = new();
    private readonly ReminderSchedule _schedule = new();
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<(string Record, EntityRecord Reminders)>? _early = [];
    private int _underWay;
    private bool _isEnded;
    private int _isStarted;

    public ShardReminders(HomeShard home, IGrainFactory grains, GeoLimits limits, TimeProvider time, BackgroundLoops loops, ILogger logger, CancellationToken stopping)
    {
        (_home, _grains, _limits, _time, _logger) = (home, grains, limits, time, logger);
        _ending = CancellationTokenSource.CreateLinkedTokenSource(home.Closing, stopping);
        _loop = loops.Create(
            new() { Name = "reminders", Of = $"of shard {home.Id}", Effect = "no reminder of that shard fires", LongestPause = RetryAfter }, StepAsync, logger, _ending.Token);
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

        // Before they are read: what changes meanwhile is newer.
        _home.Changed += Note;
        _loop.Start();
        _loop.Completion.ContinueWith(_ => End(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).Ignore();
        return true;
    }

    private async ValueTask<LoopNext> StepAsync(CancellationToken ending)
    {
        if (!_loaded.Task.IsCompleted)
        {
            await LoadAsync(ending);
        }

        await CorrectAsync();
        return LoopNext.After(Fire());
    }

    private async Task LoadAsync(CancellationToken ending)
    {
        var stored = await _home.ReadAsync(ReminderRecords.Prefix, ending);
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

    /// <summary>The home closed, or the silo stops: no tick begins any more.</summary>
    private void End()
    {
        _home.Changed -= Note;
        _loaded.TrySetCanceled();
        lock (_lock)
        {
            _isEnded = true;
        }

        CompleteIfEnded();
    }

    private void CompleteIfEnded()
    {
        lock (_lock)
        {
            if (!_isEnded || _underWay > 0)
            {
                return;
            }
        }

        if (_completion.TrySetResult())
        {
            _ending.Dispose();
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

        _loop.Wake();
    }

    private void Put(string record, EntityRecord reminders) => _schedule.Put(record[ReminderRecords.Prefix.Length..], reminders);
}
