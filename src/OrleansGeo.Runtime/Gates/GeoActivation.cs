using System.Collections.Immutable;
using System.Diagnostics;
using Orleans.Serialization.Invocation;
using OrleansGeo.Abstractions.Errors;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.Tracing;

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
    private readonly int _shardOfKey;
    private readonly string _entity;
    private readonly bool _waitsForMajority;
    private readonly PeerRows? _peers;
    private readonly GeoGrainPolicy _policy;
    private readonly WriterTally? _writers;
    private Shard? _shard;
    private int _loads;
    private LiveRecord? _live;

    public GeoActivation(IGrainContext context, GeoGrainPolicy policy, GeoActivations silo)
    {
        _context = context;
        _silo = silo;
        _shardOfKey = policy.Locate(silo.Topology.Value, context.GrainId.Key.AsSpan());
        _shardIndex = !policy.IsMultiWriter && silo.Places.TryFind(context.GrainId, out var moved) ? moved.Index : _shardOfKey;
        _entity = context.GrainId.ToString();
        _peers = policy.IsMultiWriter ? new(silo, policy, context.GrainId) : null;
        _policy = policy;
        _writers = policy.FollowsWriters ? silo.Follower.NewTally() : null;
        _waitsForMajority = policy is { IsMultiWriter: true, Durability: ShardFamily.Quorum };
    }

    public string Entity => _entity;

    public bool IsMultiWriter => _peers is not null;

    /// <summary>Of a multi-writer entity: the epoch of the own row's log, which tells the stores that this region ever had apart.</summary>
    public long Incarnation => _shard?.Home.Epoch ?? 1;

    public IEnumerable<(string Region, EntityRecord Record, RecordVersion Through)> PeerRows => _peers?.All ?? [];

    /// <summary>The writing request that is inside the gate, if one is.</summary>
    public Turn? Turn { get; private set; }

    /// <summary>The record that the state objects were loaded from, or became.</summary>
    public EntityRecord Record { get; private set; } = EntityRecord.Empty;

    /// <summary>Whether something must become durable before anything may leave.</summary>
    public bool MustHold(Turn turn) => turn is { IsOpen: true, Changes.IsEmpty: false } || (_shard is HomeShard home && IsPending(home, Record.Version.Position));

    public TimeSpan RemainingUntil(long deadline) => deadline == 0 ? Timeout.InfiniteTimeSpan : new TimeSpan(Math.Max(0, deadline - _silo.Clock.Now.Ticks));

    public void Add(IGeoState state) => _states.Add(state);

    public async Task OnStartAsync(CancellationToken cancellationToken)
    {
        if (!await RefreshAsync())
        {
            Release();
            throw new ShardNotHereException(_silo.Topology.Value.Map[_shardIndex]);
        }
    }

    public Task OnStopAsync(CancellationToken cancellationToken)
    {
        _isGivenUp = true;
        Release();
        _peers?.Release();
        return Task.CompletedTask;
    }

    /// <summary>A request arrives at the gate.</summary>
    public ValueTask<Response> InvokeAsync<T>(GeoCall<T> call) => call.Trace is null ? PassAsync(call) : PassTracedAsync(call);

    private async ValueTask<Response> PassTracedAsync<T>(GeoCall<T> call)
    {
        using var span = GeoTracing.Continue("orleansgeo.gate", ActivityKind.Server, call.Trace);
        span?.SetTag("orleansgeo.entity", _entity).SetTag("orleansgeo.region", _silo.Topology.Value.Regions[_silo.Self].ToString());
        return await PassAsync(call);
    }

    private ValueTask<Response> PassAsync<T>(GeoCall<T> call) => (call.Flags & GeoCallFlags.Read) != 0 ? ReadAsync(call) : WriteAsync(call);

    /// <summary>A timer tick arrives at the gate.</summary>
    public async Task RunTickAsync(Func<Task> tick)
    {
        LogPosition position;
        await _gate.EnterExclusiveAsync();
        var phase = EnterTurn();
        try
        {
            if (!await RefreshAsync())
            {
                return;
            }

            Turn = new(this, TurnKind.Plain, RequestId.None, _silo.Time.GetUtcNow(), 0);
            try
            {
                await tick();
            }
            finally
            {
                // Whether it is staged or refused: what it wrote must not be taken for a later request's.
                var turn = Turn;
                Turn = null;
                position = StageTick(turn);
            }
        }
        finally
        {
            LeaveTurn(phase);
            _gate.ExitExclusive();
        }

        if (_shard is HomeShard home)
        {
            await WhenDurableAsync(home, position);
        }
    }

    /// <summary>A grain writes a state.</summary>
    public Task WriteAsync(ImmutableArray<StateChange> changes)
    {
        if (_shard is not HomeShard home || !Owns || _live is null)
        {
            return Task.FromException(NotHome().ToException());
        }

        var bytes = Turn?.BytesWith(changes) ?? Gates.Turn.BytesOf(changes);
        if (bytes > _silo.Limits.RecordBytes)
        {
            return Task.FromException(new GeoException(new(
                GeoErrorCode.TooLarge,
                $"State '{NameOf(changes)}' of {_entity} makes its request's changes {bytes} bytes; the limit is {_silo.Limits.RecordBytes} ({nameof(Hosting.GeoLimits.RecordBytes)}). Nothing was written.")));
        }

        if (Turn is { } turn)
        {
            turn.Set(changes);
            return Task.CompletedTask;
        }

        if (_gate.HasReaders)
        {
            return Task.FromException(new GeoException(new(
                GeoErrorCode.ReadOnlyMethod, $"A [ReadOnly] method of {_entity} tried to write state '{NameOf(changes)}': take the attribute off the method. Nothing was written.")));
        }

        // During activation, or outside of any request: an entry of its own, durable when the task completes.
        var alone = new Turn(this, TurnKind.Plain, RequestId.None, default, 0);
        alone.Set(changes);
        var staged = Stage(alone, RequestId.None, 0, default);
        return staged.Verdict == StageVerdict.Staged
            ? WhenDurableAsync(home, staged.Position)
            : Task.FromException(Refused(staged.Verdict).ToException());
    }

    /// <summary>Of a multi-writer entity: up to which entry of a region's row every region shows it; null when that is not known.</summary>
    public RecordVersion? Everywhere(string region) => _silo.Rows.Everywhere(_shardIndex, region);

    private bool IsPending(HomeShard home, LogPosition position) => _waitsForMajority ? home.IsUnstable(position) : home.IsPending(position);

    private static string NameOf(ImmutableArray<StateChange> changes) => changes[0].Name.Split('\u001F')[0];

    /// <summary>Acknowledged as the type demands: a row is visible once it is stored, and its type may demand that a majority has it.</summary>
    private Task WhenDurableAsync(HomeShard home, LogPosition position) => _waitsForMajority ? home.WhenStableAsync(position) : home.WhenAcknowledgedAsync(position);

    /// <summary>Completes when nothing of this activation is pending. Changes so far become an entry of their own, and durable, first.</summary>
    public async Task BeforeOutgoingAsync(Turn turn)
    {
        if (turn is { IsOpen: true, Changes.IsEmpty: false })
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
            await WhenDurableAsync(home, Record.Version.Position);
        }
    }

    /// <summary>Makes the state objects those of the newest visible record. Only with the gate to oneself.</summary>
    private async ValueTask<bool> RefreshAsync()
    {
        if (_isGivenUp)
        {
            return false;
        }

        if (_live is not { IsClosed: false })
        {
            return await HoldAsync() && (Owns || await FollowAsync());
        }

        if (_peers is { IsCurrent: false } peers && !await peers.RefreshAsync())
        {
            return false;
        }

        if ((_live.Current is { } current && !ReferenceEquals(current, Record)) || (_peers?.Loads ?? 0) != _loads)
        {
            Load(_live.Current ?? Record);
        }
        else if (_peers is not null)
        {
            Merge();
        }

        return Owns || await FollowAsync();
    }

    /// <summary>Takes the record from the shard that the entity is taken to be in.</summary>
    private async ValueTask<bool> HoldAsync()
    {
        if (!_silo.Shards.TryGet(_shardIndex, out var shard))
        {
            GiveUp($"shard {_silo.Topology.Value.Map[_shardIndex]} is not on this silo");
            return false;
        }

        if (await shard.TryHoldAsync(_entity) is not { } live)
        {
            return false;
        }

        if (_peers is not null && !await _peers.RefreshAsync())
        {
            shard.Release(live);
            return false;
        }

        Bind(_shardIndex, shard, live);
        return true;
    }

    /// <summary>Another silo has the shard: the activation ends, and the next request makes one there.</summary>
    private void GiveUp(string reason)
    {
        // Requests that wait at the gate still come in: none of them may find what was here.
        _isGivenUp = true;
        Release();
        _context.Deactivate(new(DeactivationReasonCode.ApplicationRequested, $"{_entity} is not active here any more: {reason}."));
    }

    private void Merge()
    {
        foreach (var state in _states)
        {
            state.Merge();
        }
    }

    private int EnterTurn() => _peers is null ? 0 : _silo.Rows.Turns.Enter();

    private void LeaveTurn(int phase)
    {
        if (_peers is not null)
        {
            _silo.Rows.Turns.Leave(phase);
        }
    }

    private void Load(EntityRecord record)
    {
        foreach (var state in _states)
        {
            state.Load(record);
        }

        _loads = _peers?.Loads ?? 0;

        // Last: a state that cannot be read must not pass for loaded.
        Record = record;
        NoteResidence();
    }

    private LogPosition StageTick(Turn turn)
    {
        if (turn.Changes.IsEmpty)
        {
            return Record.Version.Position;
        }

        var staged = Stage(turn, RequestId.None, 0, default);
        return staged.Verdict == StageVerdict.Staged ? staged.Position : throw Refused(staged.Verdict).ToException();
    }

    private StageResult Stage(Turn turn, RequestId request, ulong fingerprint, ReadOnlyMemory<byte> answer)
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
            $"{_entity} cannot be written in {topology.Regions[_silo.Self]}; its home is {topology.HomeOf(_shardIndex).Region}. Only requests that come through a reference reach the home and can write. Nothing was written.");
    }

    private GeoError Refused(StageVerdict verdict) => verdict switch
    {
        StageVerdict.TooManyStaged => new(GeoErrorCode.TooManyRequests, $"The shard of {_entity} has too many writes under way. Nothing happened; try again.", TimeSpan.FromSeconds(1)),
        StageVerdict.TooManyRequests => new(GeoErrorCode.TooManyRequests, $"The shard of {_entity} remembers as many requests as it may ({nameof(Hosting.GeoLimits.DeduplicationEntries)}). Nothing happened; try later.", TimeSpan.FromSeconds(30)),
        _ => new(GeoErrorCode.HomeUnavailable, $"{_entity} changed elsewhere or its shard moved while the request ran. Nothing happened; try again.", TimeSpan.FromSeconds(1)),
    };
}
