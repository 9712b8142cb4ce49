using Microsoft.Extensions.Logging;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Seats;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Loops;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Shards;

/// <summary>The shell around a <see cref="Seat"/>: tells it what happens, shows it the world as this silo knows it, and has its effects done, in their order.</summary>
internal sealed partial class SeatRunner : ISeatView
{
    private readonly ShardId _id;
    private readonly int _index;
    private readonly ShardSeats _silo;
    private readonly Action _abandon;
    private readonly Seat _seat;
    private readonly SeatEffects _effects;
    private readonly Lock _lock = new();
    private readonly Signal _signal = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _hasRole = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Task> _underWay = [];
    private TaskCompletionSource _stepped = NewSignal();
    private Exception? _failure;
    private bool _hasNews;
    private Task _loop = Task.CompletedTask;

    /// <param name="id">The shard.</param>
    /// <param name="index">Its index in the world's map.</param>
    /// <param name="silo">What the shards of this silo share.</param>
    /// <param name="abandon">Gives this activation up: another one may have taken its place.</param>
    public SeatRunner(ShardId id, int index, ShardSeats silo, Action abandon)
    {
        (_id, _index, _silo, _abandon) = (id, index, silo, abandon);
        var map = silo.Topology.Value.Map;
        Config = new() { Self = silo.Self, Map = map, Index = index, Quorums = map.Regions.Quorums };
        _seat = new(Config, this);
        _effects = new(id, index, silo, this, _stopping.Token);
        Unreadable = new(silo.Logger, silo.Self, id);
    }

    /// <summary>How long the seat, and what surrounds it, waits for what.</summary>
    public SeatConfig Config { get; }

    /// <summary>What an operator is told of rows that cannot be read here.</summary>
    public UnreadableRows Unreadable { get; }

    public HomeShard? Home => _effects.Home;

    public ReplicaShard? Replica => _effects.Replica;

    public CancellationToken Stopping => _stopping.Token;

    public WorldTopology Decided => _silo.Topology.Decided;

    public long KnownEpoch => _silo.Topology.Value.HomeOf(_index).Epoch;

    public long Generation => _silo.Authority.Generation;

    public bool IsStoreProven => _silo.Authority.IsProven;

    public bool IsStoreTrusted => _silo.Authority.IsTrusted;

    public bool OwnsRows => _silo.Authority.OwnsRows;

    public bool HasEnded(RegionId region, out long generation) => _silo.Authority.HasEnded(region, out generation);

    public bool IsEligible(RegionId region) => _silo.Authority.HealthOf(region).IsEligible;

    public bool IsLinked(RegionId region) => _silo.Links.TryGetChannel(region, out _);

    public TimeSpan? ActedUntilUnder(long generation) => _silo.Authority.ActedUntilUnder(generation);

    /// <summary>Completes when the first role is taken.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _silo.Authority.Changed += Wake;
        _loop = Task.Run(RunAsync, CancellationToken.None);
        await _hasRole.Task.WaitAsync(cancellationToken);
    }

    public async Task StopAsync(string reason)
    {
        _silo.Authority.Changed -= Wake;
        await _stopping.CancelAsync();
        await _loop;
        await Task.WhenAll(_underWay);
        if (_effects.Home is { IsOpen: true, IsHandingOver: false, MayAct: true })
        {
            // It goes on elsewhere in this region, or in another: what is only in memory here would not.
            await _effects.PrepareToLeaveAsync(regionLeaves: true, CancellationToken.None);
        }

        await _effects.CloseAsync(reason);
    }

    /// <summary>Something happened that the seat may look at.</summary>
    public void Wake()
    {
        Volatile.Write(ref _hasNews, true);
        _signal.Set();
    }

    /// <summary>The log here moved, the home's or the replica's.</summary>
    public void LogMoved()
    {
        // Nearly always the seat does not look. Read without the lock: it says that it looks before it does.
        if (_seat.WatchesLog)
        {
            Wake();
        }
    }

    public void Promised(RegionId region, ShardHead head, bool isProven)
    {
        lock (_lock)
        {
            _seat.Promised(region, head, isProven);
        }

        _signal.Set();
    }

    /// <summary>The home hands the shard over. Completes with whether this region is home by then.</summary>
    public async Task<bool> TakeOverAsync(HandOverToken token, TimeSpan bound)
    {
        lock (_lock)
        {
            _seat.Came(token);
        }

        _signal.Set();
        return await UntilAsync(() => _seat.HasTaken(token.Token), bound);
    }

    /// <summary>Whether the sender of a log is fenced by a home that is here.</summary>
    public bool Fences(FencingToken sender)
    {
        if (_effects.Home is null)
        {
            return false;
        }

        bool isFenced;
        lock (_lock)
        {
            isFenced = _seat.Fences(sender);
        }

        _signal.Set();
        return isFenced;
    }

    /// <summary>A replica in another region knows nothing yet.</summary>
    public void Restart(string region) => _effects.Restart(region);

    /// <summary>Waits until something is so, or it is too late.</summary>
    public async Task<bool> UntilAsync(Func<bool> condition, TimeSpan bound)
    {
        using var ended = new CancellationTokenSource(bound, _silo.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ended.Token, _stopping.Token);
        while (true)
        {
            Task stepped;
            lock (_lock)
            {
                if (condition())
                {
                    return true;
                }

                stepped = _stepped.Task;
            }

            await stepped.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (either.IsCancellationRequested)
            {
                return condition();
            }
        }
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var due = Step();
                await _signal.WaitAsync(due, _stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // A bug. The role is taken anew from what the store holds, by another activation.
                LogBroken(_silo.Logger, exception, _id);
                _hasRole.TrySetException(exception);
                _abandon();
                return;
            }
        }
    }

    /// <returns>For how long there is nothing to do unless something happens.</returns>
    private TimeSpan Step()
    {
        IReadOnlyList<SeatEffect> effects;
        TimeSpan due;
        bool hasRole;
        TaskCompletionSource stepped;
        lock (_lock)
        {
            if (Interlocked.Exchange(ref _hasNews, false))
            {
                _seat.Changed();
            }

            effects = _seat.Run(_silo.Clock.Now);
            (due, hasRole) = (_seat.Due, _seat.HasRole);
            (stepped, _stepped) = (_stepped, NewSignal());
        }

        foreach (var effect in effects)
        {
            Begin(effect);
        }

        if (hasRole)
        {
            _hasRole.TrySetResult();
        }

        stepped.TrySetResult();
        var wait = due == TimeSpan.MaxValue ? due : due - _silo.Clock.Now;
        return wait == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    private void Begin(SeatEffect effect)
    {
        switch (effect)
        {
            case { Number: > 0 }:
                _underWay.RemoveAll(static task => task.IsCompleted);
                _underWay.Add(DoAsync(effect));
                break;
            case SeatEffect.Abandon:
                _abandon();
                break;
            case SeatEffect.Note note:
                Note(note.What);
                break;
            default:
                _effects.Tell(effect);
                break;
        }
    }

    private async Task DoAsync(SeatEffect effect)
    {
        try
        {
            var outcome = await _effects.DoAsync(effect);
            lock (_lock)
            {
                _seat.Done(effect.Number, outcome);
            }
        }
        catch (Exception exception)
        {
            _failure = exception;
            lock (_lock)
            {
                _seat.Failed(effect.Number, new(exception.Message, IsDamage: exception is RegionStoreException { Failure: RegionStoreFailure.Corrupt }));
            }
        }

        _signal.Set();
    }

    private void Note(SeatNote note)
    {
        switch (note)
        {
            case SeatNote.Serves serves:
                LogHome(_silo.Logger, _silo.Self, _id, serves.Home.Epoch, serves.Took.TotalMilliseconds);
                _silo.Events.Publish(
                    serves.IsHanded ? GeoEventType.HandedOver : GeoEventType.Promoted,
                    _silo.Self.Name,
                    _id.Name,
                    serves.Home.Epoch,
                    FormattableString.Invariant($"{_id} serves in {_silo.Self} as epoch {serves.Home.Epoch}, {serves.Took.TotalMilliseconds:0} ms after it was allotted."));
                break;
            case SeatNote.Suspects suspects:
                _silo.Events.Publish(
                    GeoEventType.LostWrites,
                    suspects.Region.Name,
                    _id.Name,
                    suspects.Epoch,
                    $"What {suspects.Region} acknowledged of {_id} from position {suspects.From} on is suspected to be lost, until its store is back.");
                break;
            case SeatNote.Unreadable unreadable:
                Unreadable.NotHome(unreadable.Problem);
                break;
            case SeatNote.Yields yields:
                LogYields(_silo.Logger, _silo.Self, _id, yields.To);
                break;
            case SeatNote.Stays stays:
                LogStays(_silo.Logger, _id, _silo.Self, stays.Target);
                break;
            case SeatNote.Failed failed when !_stopping.IsCancellationRequested:
                LogFailed(_silo.Logger, _failure, _id, failed.Problem);
                _hasRole.TrySetException(_failure ?? new OrleansException(failed.Problem));
                break;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Region} serves {Shard} in epoch {Epoch}, {Milliseconds:0} ms after it began to take it")]
    private static partial void LogHome(ILogger logger, RegionId region, ShardId shard, long epoch, double milliseconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Region} yields {Shard} to {Other}: what is missing here is no longer in any log, or damaged here")]
    private static partial void LogYields(ILogger logger, RegionId region, ShardId shard, RegionId other);

    [LoggerMessage(Level = LogLevel.Information, Message = "Shard {Shard} stays in {Region}: {Target} was not ready to take it")]
    private static partial void LogStays(ILogger logger, ShardId shard, RegionId region, RegionId target);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {Shard} could not take its role and tries again: {Problem}")]
    private static partial void LogFailed(ILogger logger, Exception? exception, ShardId shard, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "The seat of shard {Shard} failed; its activation ends, and another one begins from the store")]
    private static partial void LogBroken(ILogger logger, Exception exception, ShardId shard);
}
