using Orleans.Serialization.Invocation;
using OrleansGeo.Abstractions.Errors;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.Storage;

namespace OrleansGeo.Runtime.Gates;

/// <summary>
/// The gates of one activation. Input: requests run one at a time, <c>[ReadOnly]</c> ones together. Output: nothing leaves before the log
/// position that it depends on is durable as the grain type demands. The lock is released before that wait.
/// </summary>
/// <remarks>Everything here runs on the activation's scheduler, one thread at a time.</remarks>
internal sealed partial class GeoActivation
{
    private readonly IGrainContext _context;
    private readonly GeoActivations _silo;
    private readonly ActivationGate _gate = new();
    private readonly List<IGeoState> _states = [];
    private readonly int _shardIndex;
    private readonly string _entity;
    private Shard? _shard;
    private LiveRecord? _live;

    public GeoActivation(IGrainContext context, GeoGrainPolicy policy, GeoActivations silo)
    {
        _context = context;
        _silo = silo;
        _shardIndex = policy.Locate(silo.Topology.Value, context.GrainId.Key.AsSpan());
        _entity = context.GrainId.ToString();
    }

    /// <summary>The writing request that is inside the gate, if one is.</summary>
    public GeoTurn? Turn { get; private set; }

    /// <summary>The record that the state objects were loaded from, or became.</summary>
    public EntityRecord Record { get; private set; } = EntityRecord.Empty;

    /// <summary>Whether something must become durable before anything may leave.</summary>
    public bool MustHold => Turn is { Changes.IsEmpty: false } || (_shard as HomeShard)?.IsPending(Record.Version.Position) == true;

    public void Add(IGeoState state) => _states.Add(state);

    public async Task OnStartAsync(CancellationToken cancellationToken)
    {
        if (!await RefreshAsync())
        {
            throw new ShardNotHereException(_silo.Topology.Value.Map[_shardIndex]);
        }
    }

    public Task OnStopAsync(CancellationToken cancellationToken)
    {
        if (_live is { } live)
        {
            _shard?.Release(live);
            _live = null;
        }

        return Task.CompletedTask;
    }

    /// <summary>A request arrives at the gate.</summary>
    public ValueTask<Response> InvokeAsync<T>(GeoCall<T> call) => (call.Flags & GeoCallFlags.Read) != 0 ? ReadAsync(call) : WriteAsync(call);

    /// <summary>A timer tick arrives at the gate.</summary>
    public async Task RunTickAsync(Func<Task> tick)
    {
        LogPosition position;
        await _gate.EnterExclusiveAsync();
        try
        {
            if (!await RefreshAsync())
            {
                return;
            }

            Turn = new(RequestId.None);
            try
            {
                await tick();
            }
            finally
            {
                position = StageTick(Turn);
                Turn = null;
            }
        }
        finally
        {
            _gate.ExitExclusive();
        }

        if (_shard is HomeShard home)
        {
            await home.WhenAcknowledgedAsync(position);
        }
    }

    /// <summary>A grain writes a state.</summary>
    public Task WriteAsync(StateChange change)
    {
        if (_shard is not HomeShard home)
        {
            return Task.FromException(NotHome().ToException());
        }

        var bytes = (change.Bytes?.Length ?? 0) + (Turn?.ChangedBytes ?? 0);
        if (bytes > _silo.Limits.RecordBytes)
        {
            return Task.FromException(new GeoException(new(
                GeoErrorCode.TooLarge,
                $"State '{change.Name}' of {_entity} makes its request's changes {bytes} bytes; the limit is {_silo.Limits.RecordBytes} ({nameof(Hosting.GeoLimits.RecordBytes)}). Nothing was written.")));
        }

        if (Turn is { } turn)
        {
            turn.Set(change);
            return Task.CompletedTask;
        }

        if (_gate.HasReaders)
        {
            return Task.FromException(new GeoException(new(
                GeoErrorCode.ReadOnlyMethod, $"A [ReadOnly] method of {_entity} tried to write state '{change.Name}': take the attribute off the method. Nothing was written.")));
        }

        // During activation, or outside of any request: an entry of its own, durable when the task completes.
        var alone = new GeoTurn(RequestId.None);
        alone.Set(change);
        var staged = Stage(alone, RequestId.None, 0, default);
        return staged.Verdict == StageVerdict.Staged
            ? home.WhenAcknowledgedAsync(staged.Position)
            : Task.FromException(Refused(staged.Verdict).ToException());
    }

    /// <summary>Completes when nothing of this activation is pending. Changes so far become an entry of their own, and durable, first.</summary>
    public async Task BeforeOutgoingAsync()
    {
        if (Turn is { Changes.IsEmpty: false } turn)
        {
            // Only the last entry carries the request id: with it, a repeated request would be answered before its answer exists.
            var staged = Stage(turn, RequestId.None, 0, default);
            if (staged.Verdict != StageVerdict.Staged)
            {
                turn.Failure = staged.Verdict;
                throw Refused(staged.Verdict).ToException();
            }

            turn.Staged();
        }

        if (_shard is HomeShard home)
        {
            await home.WhenAcknowledgedAsync(Record.Version.Position);
        }
    }

    /// <summary>Does something that cannot be waited for once nothing is pending; never, if what is pending is lost.</summary>
    public void AfterDurable(Action action) =>
        _ = BeforeOutgoingAsync().ContinueWith(static (_, state) => ((Action)state!)(), action, CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Current);

    /// <summary>Makes the state objects those of the newest visible record. Only with the gate to oneself.</summary>
    private async ValueTask<bool> RefreshAsync()
    {
        if (_live is not { IsClosed: false })
        {
            if (!_silo.Shards.TryGet(_shardIndex, out var shard))
            {
                _context.Deactivate(new(DeactivationReasonCode.ApplicationRequested, $"Shard {_silo.Topology.Value.Map[_shardIndex]} is not on this silo."));
                return false;
            }

            try
            {
                _live = await shard.HoldAsync(_entity);
            }
            catch (Exception exception) when (exception is ShardClosedException or OperationCanceledException or RegionStoreException)
            {
                return false;
            }

            _shard = shard;
            Load(_live.Current!);
        }
        else if (_live.Current is { } current && !ReferenceEquals(current, Record))
        {
            Load(current);
        }

        return true;
    }

    private void Load(EntityRecord record)
    {
        foreach (var state in _states)
        {
            state.Load(record);
        }

        // Last: a state that cannot be read must not pass for loaded.
        Record = record;
    }

    private LogPosition StageTick(GeoTurn turn)
    {
        if (turn.Changes.IsEmpty)
        {
            return Record.Version.Position;
        }

        var staged = Stage(turn, RequestId.None, 0, default);
        return staged.Verdict == StageVerdict.Staged ? staged.Position : throw Refused(staged.Verdict).ToException();
    }

    private StageResult Stage(GeoTurn turn, RequestId request, ulong fingerprint, ReadOnlyMemory<byte> answer)
    {
        var home = (HomeShard)_shard!;
        var result = home.Stage(new(_live!, Record.Version, request, fingerprint, turn.Changes, answer), out var record);
        if (result.Verdict == StageVerdict.Staged)
        {
            Record = record;
            foreach (var state in _states)
            {
                state.Committed(record);
            }
        }
        else
        {
            Load(_live!.Current ?? Record);
        }

        return result;
    }

    private GeoError NotHome()
    {
        var topology = _silo.Topology.Value;
        return new(
            GeoErrorCode.NotHome,
            $"{_entity} is a replica in {topology.Regions[_silo.Self]}; its home is {topology.HomeOf(_shardIndex).Region}. Only requests that come through a reference reach the home and can write. Nothing was written.");
    }

    private GeoError Refused(StageVerdict verdict) => verdict switch
    {
        StageVerdict.TooManyStaged => new(GeoErrorCode.TooManyRequests, $"The shard of {_entity} has too many writes under way. Nothing happened; try again.", TimeSpan.FromSeconds(1)),
        StageVerdict.TooManyRequests => new(GeoErrorCode.TooManyRequests, $"The shard of {_entity} remembers as many requests as it may ({nameof(Hosting.GeoLimits.DeduplicationEntries)}). Nothing happened; try later.", TimeSpan.FromSeconds(30)),
        _ => new(GeoErrorCode.HomeUnavailable, $"{_entity} changed elsewhere or its shard moved while the request ran. Nothing happened; try again.", TimeSpan.FromSeconds(1)),
    };
}
