using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OrleansGeo.Abstractions.Errors;
using OrleansGeo.Protocol.Deduplication;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Seats;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Errors;
using OrleansGeo.Runtime.Loops;
using OrleansGeo.Runtime.Storage;
using OrleansGeo.Runtime.Tracing;

namespace OrleansGeo.Runtime.Shards;

/// <summary>A shard at its home: the shell around <see cref="HomeLog"/>. Group commit to the own store first, then to the replicas.</summary>
internal sealed partial class HomeShard : Shard, ISeatHome
{
    private static readonly TimeSpan RefusalDelay = TimeSpan.FromSeconds(1);

    private readonly HomeLog _log;
    private readonly AckTickets _tickets = new();
    private readonly AckTickets _majority = new();
    private readonly Signal _staged = new();
    private readonly RowTraces _traces = new();
    private readonly TimeProvider _time;
    private readonly long _openedAt;
    private readonly GeoLimits _limits;
    private readonly ILogger _logger;
    private readonly bool _isHanded;
    private readonly Func<bool> _mayAct;
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _appending = Task.CompletedTask;
    private readonly LogPosition _opened;
    private long _acknowledged;
    private long _stable;
    private volatile GivenAway? _given;
    private StoreFailure? _storeFailure;
    private Task<ShardHead>? _asking;
    private Task<ShardHead>? _askingNext;
    private TimeSpan _lastCheckpoint;

    private HomeShard(ShardId id, HomeAssignment home, IRegionStore store, HomeLog log, bool isHanded, Func<bool> mayAct, GeoLimits limits, TimeProvider time, ILogger logger)
        : base(id, home, store)
    {
        _isHanded = isHanded;
        _mayAct = mayAct;
        _time = time;
        _openedAt = time.GetTimestamp();
        _limits = limits;
        _logger = logger;
        _log = log;
        if (_log.Stored > _log.Acknowledged)
        {
            // What was stored before is acknowledged in its turn, too, and may be waited for: without another write, none may come.
            _tickets.Seal(_log.Stored);
        }

        _opened = _log.Stored;
        if (home.Epoch > 1 && _log.Head.LastEpoch != home.Epoch)
        {
            _log.StageEpochStart();
            _staged.Set();
        }

        _acknowledged = _log.Acknowledged.Value;
        _stable = _log.Stable.Value;
        _majority.Seal(_log.Stored);
        Announce();
    }

    /// <summary>Told after every change of the log: there may be something to ship.</summary>
    public event Action? Progressed;

    /// <summary>Told of every record that a request changed, in the order of the log. Under the shard's lock: note it and return.</summary>
    public event Action<string, EntityRecord>? Changed;

    public override bool IsHome => true;

    /// <summary>Whether its region may act as home now. Asked after an append is durable and after a state was read, not only before.</summary>
    public bool MayAct => _mayAct();

    /// <summary>Completes when the epoch's first entry is in the own store: from then on this region is home of the shard, whatever ends.</summary>
    public Task WhenStarted => _started.Task;

    /// <summary>Completes when the shard can take requests (<see cref="HomeLog.IsReady"/>). Cancelled when it closes before.</summary>
    public Task WhenReady => _ready.Task;

    bool ISeatHome.IsReady => _ready.Task.IsCompletedSuccessfully;

    bool ISeatHome.IsStarted => _started.Task.IsCompletedSuccessfully;

    LogPosition ISeatHome.Stored => End.Last;

    bool ISeatHome.IsDrainedInto(RegionId region) => IsDrainedInto(ReplicaOf(region));

    /// <summary>Everything up to here was acknowledged.</summary>
    public LogPosition Acknowledged => new(Volatile.Read(ref _acknowledged));

    /// <summary>Up to here, at most, anybody acknowledged the log: after an opening, what was acknowledged before is not known to be again, and is no less acknowledged.</summary>
    public LogPosition AcknowledgedAtMost => LogPosition.Max(Acknowledged, _opened);

    /// <summary>A replica has entries of this epoch that the own store does not: the shard needs a new epoch.</summary>
    public bool WentBack { get; private set; }

    public bool LostLease { get; private set; }

    public string? Damage { get; private set; }

    public override long Freshness => _given?.Mark ?? 0;

    /// <remarks>Of data that was taken from the replica which this shard was here before, only that replica could have said how old it is.</remarks>
    public override int StalenessOf(long freshness) => _given is { } given ? given.StalenessOf(freshness) : freshness == 0 && MayAct ? 0 : -1;

    /// <summary>What is done before the shard leaves this region, while it still stages.</summary>
    public LeavingCallbacks Leaving { get; } = new();

    /// <summary>Which requests are inside while the shard, or their entity, is about to leave.</summary>
    public Departures Departures { get; } = new();

    /// <summary>
    /// The shard is about to leave: requests without an effect yet are to come again, those that have one finish, and what is only in memory gets its chance. When this completes,
    /// after the bound at the latest, no request has a first effect any more, until <see cref="EndHandOver"/> takes it back.
    /// </summary>
    public Task LeavesAsync(TimeSpan bound, CancellationToken cancellationToken) => LeavesAsync(null, bound, cancellationToken);

    /// <summary>The same for one entity that is about to leave the shard, until <see cref="Departures.Withdraw"/>.</summary>
    public Task LeavesAsync(string entity, TimeSpan bound) => LeavesAsync(entity, bound, CancellationToken.None);

    /// <summary>Why requests are refused before they run: the store has failed for a while. Null when they are not.</summary>
    public GeoError? Refusal => _storeFailure is { } failure && _time.GetElapsedTime(failure.Since) > RefusalDelay
        ? new(GeoErrorCode.HomeUnavailable, $"Shard {Id} cannot write in {Home.Region}: {failure.Exception.Message}", TimeSpan.FromSeconds(1))
        : null;

    protected override ShardRecords Records => _log.Records;

    protected override LogPosition Checkpoint => _log.Head.Checkpoint;

    protected override EpochTable Epochs => _log.Head.Epochs;

    protected override LogPosition Shown => _log.Acknowledged;

    private TimeSpan Now => _time.GetElapsedTime(_openedAt);

    /// <summary>Opens the shard from the store, whose log must be whole: replays what it holds, and begins the epoch if that has not begun.</summary>
    /// <param name="id">The shard.</param>
    /// <param name="home">This region, and its epoch.</param>
    /// <param name="family">What an acknowledgement promises.</param>
    /// <param name="replicas">The other regions.</param>
    /// <param name="store">The own region's.</param>
    /// <param name="isHanded">The home before handed over all that there is (<see cref="HomeLog.IsReady"/>).</param>
    /// <param name="mayAct">Whether this region may act as home now.</param>
    /// <param name="limits">Of the user.</param>
    /// <param name="time">Monotonic time.</param>
    /// <param name="logger">Of the shards.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <returns>Null when the store has promised a newer epoch.</returns>
    /// <exception cref="FormatException">A row of the log is of a newer version than this region, or damaged.</exception>
    public static async Task<HomeShard?> OpenAsync(
        ShardId id,
        HomeAssignment home,
        ShardFamily family,
        ImmutableArray<RegionId> replicas,
        IRegionStore store,
        bool isHanded,
        Func<bool> mayAct,
        GeoLimits limits,
        TimeProvider time,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        var config = new HomeLogConfig
        {
            Token = home.Token,
            Family = family,
            Replicas = replicas,
            BatchBytes = limits.BatchBytes,
            StagedBytes = limits.StagedBytes,
            ReplicationWindowBytes = limits.ReplicationWindowBytes,
            LogRetentionBytes = limits.LogRetentionBytes,
            DeduplicationEntries = limits.DeduplicationEntries,
            DeduplicationBytes = limits.DeduplicationBytes,
            DeduplicationWindow = limits.DeduplicationWindow,
            DeduplicationFloor = GeoLimits.LeastDeduplicationWindow,
        };

        // A promise waits in the store behind whatever an earlier activation of this shard still has under way there.
        var head = await store.PromiseAsync(id, home.Token, cancellationToken);
        if (head.Promised != home.Token || head.Copying)
        {
            return null;
        }

        var opening = new HomeLogOpening(config, head, TimeSpan.Zero);
        await foreach (var page in LogPages.ReadAsync(store, id, head.Trimmed.Next, cancellationToken))
        {
            foreach (var row in page)
            {
                opening.Add(row);
            }
        }

        var shard = new HomeShard(id, home, store, opening.Open(), isHanded, mayAct, limits, time, logger);
        shard._appending = Task.Run(shard.RunAsync, CancellationToken.None);
        return shard;
    }

    public bool TryFindAnswer(string entity, RequestId request, out RecordedAnswer answer)
    {
        lock (Lock)
        {
            return _log.Deduplication.TryFind(entity, request, out answer);
        }
    }

    /// <summary>One page of what is remembered of an entity's requests after a position.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="after">The position.</param>
    /// <param name="bytes">About as large may the page be.</param>
    /// <param name="next">Where the next page begins; zero: there is none.</param>
    public List<(RequestId Request, RecordedAnswer Answer)> RememberedOf(string entity, LogPosition after, int bytes, out LogPosition next)
    {
        var page = new List<(RequestId Request, RecordedAnswer Answer)>();
        next = LogPosition.Zero;
        lock (Lock)
        {
            foreach (var item in _log.Deduplication.Of(entity, after))
            {
                if (bytes <= 0)
                {
                    next = page[^1].Answer.Position;
                    break;
                }

                page.Add(item);
                bytes -= 64 + item.Answer.Answer.Length;
            }
        }

        return page;
    }

    /// <summary>Which epoch wrote which part of the log.</summary>
    public EpochTable EpochTable
    {
        get
        {
            lock (Lock)
            {
                return Epochs;
            }
        }
    }

    /// <summary>Whether the position still waits for its acknowledgement.</summary>
    public bool IsPending(LogPosition position) => position.Value > Volatile.Read(ref _acknowledged);

    /// <summary>Completes when the position is acknowledged as the family promises; fails when the shard closes before.</summary>
    public Task WhenAcknowledgedAsync(LogPosition position) => WhenReachedAsync(_tickets, ref _acknowledged, position);

    /// <summary>Whether the position is not on a majority of regions yet.</summary>
    public bool IsUnstable(LogPosition position) => position.Value > Volatile.Read(ref _stable);

    /// <summary>Completes when a majority of regions has the position; fails when the shard closes before.</summary>
    public Task WhenStableAsync(LogPosition position) => WhenReachedAsync(_majority, ref _stable, position);

    /// <summary>
    /// Whether no other activation of this shard can have written what this one lacks: by the store's head, which is asked for after this was. Orleans may have given this silo up, and
    /// begun the shard on another one, under the same lease and epoch.
    /// </summary>
    public async Task<bool> IsNewestAsync()
    {
        if (!Store.IsShared)
        {
            return true;
        }

        ShardHead head;
        try
        {
            head = await AskHeadAsync();
        }
        catch (Exception exception) when (exception is RegionStoreException or OperationCanceledException)
        {
            // It does not say, or this shard closed meanwhile.
            return false;
        }

        if (head.Promised != Home.Token)
        {
            return false;
        }

        LogPosition staged;
        lock (Lock)
        {
            staged = _log.LastStaged;
        }

        if (head.Last > staged)
        {
            Close($"its store ends at {head.LastEpoch}.{head.Last}, which another activation wrote");
            return false;
        }

        // What this one has on its way there is its own, or the store says that it is not.
        await WhenStoredAsync(head.Last);
        return IsOpen;
    }

    /// <summary>One question at a time, for all that came before it was asked.</summary>
    private Task<ShardHead> AskHeadAsync()
    {
        lock (Lock)
        {
            return _asking is not { IsCompleted: false } asking ? _asking = Store.ReadHeadAsync(Id, Closing)
                : _askingNext ??= AskAfterAsync(asking);
        }
    }

    private async Task<ShardHead> AskAfterAsync(Task asking)
    {
        await asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        Task<ShardHead> next;
        lock (Lock)
        {
            (_asking, _askingNext) = (next = Store.ReadHeadAsync(Id, Closing), null);
        }

        return await next;
    }

    /// <summary>Until the own log has come so far, or the shard closes.</summary>
    private async Task WhenStoredAsync(LogPosition position)
    {
        while (IsOpen && End.Last < position)
        {
            var moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            void Moved() => moved.TrySetResult();
            Progressed += Moved;
            try
            {
                if (End.Last < position)
                {
                    await moved.Task.WaitAsync(Closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
            finally
            {
                Progressed -= Moved;
            }
        }
    }

    private Task WhenReachedAsync(AckTickets tickets, ref long reached, LogPosition position)
    {
        if (position.Value <= Volatile.Read(ref reached))
        {
            return Task.CompletedTask;
        }

        lock (Lock)
        {
            return position.Value <= Volatile.Read(ref reached) ? Task.CompletedTask
                : ClosedBecause is { } reason ? Task.FromException(new ShardClosedException(Id, reason))
                : tickets.For(position);
        }
    }

    /// <summary>The last entry that has a place in the log, stored or not.</summary>
    public RecordVersion StagedVersion
    {
        get
        {
            lock (Lock)
            {
                return new(Home.Epoch, _log.LastStaged);
            }
        }
    }

    /// <summary>Gives a request its place in the log. Nothing is durable yet.</summary>
    /// <param name="request">What to stage.</param>
    /// <param name="record">The entity's record afterwards.</param>
    public StageResult Stage(in StageRequest request, out EntityRecord record)
    {
        StageResult result;
        lock (Lock)
        {
            result = ClosedBecause is null ? _log.Stage(request) : new(StageVerdict.StaleRecord, default, default);
            record = request.Record.Current ?? EntityRecord.Empty;
            if (result.Verdict == StageVerdict.Staged)
            {
                _traces.Staged(result.Position);
                Changed?.Invoke(request.Record.Entity, record);
            }
        }

        if (result.Verdict == StageVerdict.Staged)
        {
            _staged.Set();
        }

        return result;
    }

    /// <summary>The trace to which the rows after one position, up to another, belong; null: none.</summary>
    public string? TraceOf(LogPosition after, LogPosition through)
    {
        lock (Lock)
        {
            return _traces.Of(after, through);
        }
    }

    public override void Close(string reason)
    {
        base.Close(reason);
        _staged.Set();
    }

    /// <summary>Closes, and waits until the append under way has ended.</summary>
    public async Task CloseAsync(string reason)
    {
        Close(reason);
        await _appending;
    }

    protected override void OnClosing(ShardClosedException exception)
    {
        _tickets.Fail(exception);
        _majority.Fail(exception);
        _started.TrySetCanceled();
        _ready.TrySetCanceled();

        // What still runs on it is repeated: it must not do more than it has.
        Departures.Close();
    }

    private async Task LeavesAsync(string? entity, TimeSpan bound, CancellationToken cancellationToken)
    {
        var since = _time.GetTimestamp();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Closing);
        Departures.Announce(entity);
        await Leaving.RunAsync(Id, bound, _time, _logger, either.Token, entity);
        await Departures.CloseAsync(entity, bound - _time.GetElapsedTime(since), _time, either.Token);
    }

    private void Announce()
    {
        if (_log.Stored >= _log.ReadyAt)
        {
            _started.TrySetResult();
            if (_isHanded || _log.IsReady)
            {
                _ready.TrySetResult();
            }
        }
    }

    /// <summary>Whatever ends the loop ends the shard: nobody may wait for an append that nobody makes.</summary>
    private async Task RunAsync()
    {
        try
        {
            await AppendLoopAsync();
        }
        catch (Exception exception)
        {
            LogLoopFailed(_logger, exception, Id);
            Close($"its append loop failed: {exception.Message}");
        }
    }

    private async Task AppendLoopAsync()
    {
        while (ClosedBecause is null)
        {
            try
            {
                await _staged.WaitAsync(Closing);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            while (ClosedBecause is null && SealRow(out var entries, out var previous, out var previousEpoch))
            {
                using var span = GeoTracing.Continue("orleansgeo.append", ActivityKind.Internal, TraceOf(previous, entries[^1].Position));
                span?.SetTag("orleansgeo.shard", Id.Name);
                var row = LogRowCodec.Encode(_log.Config.Token.Epoch, entries);
                if (!await StoreAsync(new(_log.Config.Token, previous, previousEpoch, [row])))
                {
                    return;
                }

                lock (Lock)
                {
                    _log.Appended(row, [.. entries], Now);
                }

                Acknowledge();
            }
        }
    }

    private bool SealRow(out IReadOnlyList<LogEntry> entries, out LogPosition previous, out long previousEpoch)
    {
        lock (Lock)
        {
            previous = _log.Stored;
            previousEpoch = _log.Head.LastEpoch;
            entries = _log.Seal() ?? [];
            if (entries.Count > 0)
            {
                _tickets.Seal(entries[^1].Position);
                _majority.Seal(entries[^1].Position);
            }

            return entries.Count > 0;
        }
    }

    /// <summary>Appends the row, however long the store fails: its outcome may be unknown, so nobody may be told that it failed.</summary>
    private async Task<bool> StoreAsync(AppendCommand command)
    {
        for (var pause = TimeSpan.FromMilliseconds(20); ; pause = TimeSpan.FromMilliseconds(Math.Min(1000, pause.TotalMilliseconds * 2)))
        {
            try
            {
                var result = await Store.AppendAsync(Id, command, CancellationToken.None);
                _storeFailure = null;
                if (result.Verdict == AppendVerdict.Stored && result.Head.Last == command.Rows[^1].Last)
                {
                    return true;
                }

                Close($"its store refused an append ({result.Verdict}; promised {result.Head.Promised}, last {result.Head.Last})");
                return false;
            }
            catch (RegionStoreException exception) when (exception.Failure == RegionStoreFailure.Corrupt)
            {
                // It does not pass: a region that has the log whole is to be home, and its callers repeat there.
                Damage = exception.Message;
                Close(exception.Message);
                return false;
            }
            catch (RegionStoreException exception) when (exception.Failure == RegionStoreFailure.TooLarge)
            {
                // Nothing was changed, and the same row never fits: the requests come again, in other rows.
                LogStoreFailed(_logger, Id, exception.Message);
                Close(exception.Message);
                return false;
            }
            catch (RegionStoreException exception)
            {
                _storeFailure ??= new(_time.GetTimestamp(), exception);
                LogStoreFailed(_logger, Id, exception.Message);
            }

            try
            {
                await Task.Delay(pause, _time, Closing);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }

    /// <summary>Completes everybody whose position is acknowledged now, if this region may still say so.</summary>
    private void Acknowledge()
    {
        if (!MayAct)
        {
            // Durable or not, somebody else may be home by now: the callers repeat, and whoever is home knows what took effect.
            LostLease = true;
            Close("its region's lease ended");
            return;
        }

        var taken = new List<TaskCompletionSource>();
        lock (Lock)
        {
            if (ClosedBecause is not null)
            {
                return;
            }

            Announce();
            Volatile.Write(ref _acknowledged, _log.Acknowledged.Value);
            _tickets.Take(_log.Acknowledged, taken);
            Volatile.Write(ref _stable, _log.Stable.Value);
            _majority.Take(_log.Stable, taken);
        }

        foreach (var ticket in taken)
        {
            ticket.TrySetResult();
        }

        Progressed?.Invoke();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The append loop of shard {Shard} failed; the shard closes and opens again from its store")]
    private static partial void LogLoopFailed(ILogger logger, Exception exception, ShardId shard);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {Shard} could not append and tries again: {Problem}")]
    private static partial void LogStoreFailed(ILogger logger, ShardId shard, string problem);

    /// <summary>Since when the store fails, and how.</summary>
    private sealed record StoreFailure(long Since, Exception Exception);
}
