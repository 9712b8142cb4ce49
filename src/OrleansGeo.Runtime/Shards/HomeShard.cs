using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
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
using OrleansGeo.Runtime.Tracing;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Shards;

/// <summary>A shard at its home: does what <see cref="HomeRun"/> says with the own store, and completes the callers that wait. Decides nothing.</summary>
internal sealed partial class HomeShard : Shard, ISeatHome
{
    private readonly HomeRun _run;
    private readonly AckTickets _tickets = new();
    private readonly AckTickets _majority = new();
    private readonly Signal _staged = new();
    private readonly RowTraces _traces = new();
    private readonly TimeProvider _time;
    private readonly long _openedAt;
    private readonly ILogger _logger;
    private readonly Func<bool> _mayAct;
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _appending = Task.CompletedTask;
    private long _acknowledged;
    private long _stable;
    private volatile GivenAway? _given;
    private Task<ShardHead>? _asking;
    private Task<ShardHead>? _askingNext;

    private HomeShard(ShardId id, HomeAssignment home, IRegionStore store, HomeLog log, HomeRunConfig config, Func<bool> mayAct, TimeProvider time, ILogger logger)
        : base(id, home, store)
    {
        (_mayAct, _time, _openedAt, _logger) = (mayAct, time, time.GetTimestamp(), logger);
        _run = new(config, log, mayAct, TimeSpan.Zero);
        if (log.Stored > _run.Acknowledged)
        {
            // What was stored before is acknowledged in its turn, too, and may be waited for: without another write, none may come.
            _tickets.Seal(log.Stored);
        }

        _majority.Seal(log.Stored);
        _staged.Set();
        Follow();
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

    bool ISeatHome.IsReady => Ask(static run => run.IsReady);

    bool ISeatHome.IsStarted => Ask(static run => run.IsStarted);

    LogPosition ISeatHome.Stored => Ask(static run => run.Log.Stored);

    bool ISeatHome.IsDrainedInto(RegionId region) => IsDrainedInto(ReplicaOf(region));

    /// <summary>Everything up to here was acknowledged.</summary>
    public LogPosition Acknowledged => new(Volatile.Read(ref _acknowledged));

    /// <summary>See <see cref="HomeRun.AcknowledgedAtMost"/>.</summary>
    public LogPosition AcknowledgedAtMost => Ask(static run => run.AcknowledgedAtMost);

    bool ISeatHome.WentBack => EndedBy(HomeEndCause.StoreWentBack) is not null;

    bool ISeatHome.LostLease => EndedBy(HomeEndCause.LostLease) is not null;

    string? ISeatHome.Damage => EndedBy(HomeEndCause.Damaged)?.Reason;

    public override long Freshness => _given?.Mark ?? 0;

    /// <remarks>Of data that was taken from the replica which this shard was here before, only that replica could have said how old it is.</remarks>
    public override int StalenessOf(long freshness) => _given is { } given ? given.StalenessOf(freshness) : freshness == 0 && MayAct && IsOpen ? 0 : -1;

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
    public GeoError? Refusal => _run.RefusalAt(Now) is { } problem
        ? new(GeoErrorCode.HomeUnavailable, $"Shard {Id} cannot write in {Home.Region}: {problem}", TimeSpan.FromSeconds(1))
        : null;

    protected override ShardRecords Records => _run.Log.Records;

    protected override LogPosition Checkpoint => _run.Log.Head.Checkpoint;

    protected override EpochTable Epochs => _run.Log.Head.Epochs;

    protected override LogPosition Shown => _run.Acknowledged;

    private TimeSpan Now => _time.GetElapsedTime(_openedAt);

    /// <summary>Opens the shard from the store, whose log must be whole: replays what it holds, and begins the epoch if that has not begun.</summary>
    /// <param name="id">The shard.</param>
    /// <param name="home">This region, and its epoch.</param>
    /// <param name="family">What an acknowledgement promises.</param>
    /// <param name="regions">The world's.</param>
    /// <param name="replicas">The other regions, by their links.</param>
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
        WorldRegions regions,
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
            Regions = regions,
            Quorums = regions.Quorums,
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
        if (!HomeRun.MayOpen(home.Token, head))
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

        var how = new HomeRunConfig { IsHanded = isHanded, CheckpointEntries = limits.CheckpointEntries, CheckpointInterval = limits.CheckpointInterval };
        var shard = new HomeShard(id, home, store, opening.Open(), how, mayAct, time, logger);
        shard._appending = Task.Run(shard.RunAsync, CancellationToken.None);
        return shard;
    }

    public bool TryFindAnswer(string entity, RequestId request, out RecordedAnswer answer)
    {
        lock (Lock)
        {
            return _run.Log.Deduplication.TryFind(entity, request, out answer);
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
            foreach (var item in _run.Log.Deduplication.Of(entity, after))
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

        bool isNewest;
        lock (Lock)
        {
            isNewest = _run.IsNewest(head);
        }

        if (!isNewest)
        {
            Follow();
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
                return new(Home.Epoch, _run.Log.LastStaged);
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
            result = _run.Stage(request);
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
        lock (Lock)
        {
            _run.Close(reason);
            reason = _run.End!.Reason;
        }

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

    /// <summary>Whatever ends the loop ends the shard: nothing may wait for an append that is never made.</summary>
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
        while (IsOpen)
        {
            try
            {
                await _staged.WaitAsync(Closing);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            while (SealRow() is { } append)
            {
                using var span = GeoTracing.Continue("orleansgeo.append", ActivityKind.Internal, TraceOf(append.Previous, append.Last));
                span?.SetTag("orleansgeo.shard", Id.Name);
                await StoreAsync(append);
            }
        }
    }

    private HomeAppend? SealRow()
    {
        lock (Lock)
        {
            var append = _run.NextAppend();
            if (append is not null)
            {
                _tickets.Seal(append.Last);
                _majority.Seal(append.Last);
            }

            return append;
        }
    }

    private async Task StoreAsync(HomeAppend append)
    {
        for (TimeSpan? pause = TimeSpan.Zero; pause is { } wait;)
        {
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, _time, Closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (Closing.IsCancellationRequested)
                {
                    return;
                }
            }

            var outcome = await TryAppendAsync(append);
            lock (Lock)
            {
                pause = _run.Appended(append, outcome, Now);
            }

            Follow();
        }
    }

    private async Task<HomeAppended> TryAppendAsync(HomeAppend append)
    {
        try
        {
            var result = await Store.AppendAsync(Id, new(append.Token, append.Previous, append.PreviousEpoch, [append.Row]), CancellationToken.None);
            return new HomeAppended.Answered(result.Verdict, result.Head);
        }
        catch (RegionStoreException exception) when (exception.Failure == RegionStoreFailure.Corrupt)
        {
            return new HomeAppended.Damaged(exception.Message);
        }
        catch (RegionStoreException exception)
        {
            LogStoreFailed(_logger, Id, exception.Message);
            return exception.Failure == RegionStoreFailure.TooLarge ? new HomeAppended.TooLarge(exception.Message) : new HomeAppended.Failed(exception.Message);
        }
    }

    /// <summary>After what was told to the run: ends the shard if it says so; otherwise completes every caller whose position it says is reached.</summary>
    private void Follow()
    {
        var taken = new List<TaskCompletionSource>();
        HomeEnd? end;
        lock (Lock)
        {
            end = _run.End;
            if (end is null)
            {
                Announce(taken);
            }
        }

        if (end is not null)
        {
            Close(end.Reason);
            return;
        }

        foreach (var ticket in taken)
        {
            ticket.TrySetResult();
        }

        Progressed?.Invoke();
    }

    private void Announce(List<TaskCompletionSource> taken)
    {
        if (_run.IsStarted)
        {
            _started.TrySetResult();
        }

        if (_run.IsReady)
        {
            _ready.TrySetResult();
        }

        Volatile.Write(ref _acknowledged, _run.Acknowledged.Value);
        _tickets.Take(_run.Acknowledged, taken);
        Volatile.Write(ref _stable, _run.Stable.Value);
        _majority.Take(_run.Stable, taken);
    }

    private T Ask<T>(Func<HomeRun, T> question)
    {
        lock (Lock)
        {
            return question(_run);
        }
    }

    private HomeEnd? EndedBy(HomeEndCause cause) => Ask(static run => run.End) is { } end && end.Cause == cause ? end : null;

    [LoggerMessage(Level = LogLevel.Error, Message = "The append loop of shard {Shard} failed; the shard closes and opens again from its store")]
    private static partial void LogLoopFailed(ILogger logger, Exception exception, ShardId shard);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {Shard} could not append and tries again: {Problem}")]
    private static partial void LogStoreFailed(ILogger logger, ShardId shard, string problem);
}
