using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Runtime.Gates.Objects;
using OrleansGeo.Runtime.States;

namespace OrleansGeo.Runtime.Gates;

/// <summary>The state behind a plain <c>[PersistentState("name", "geo")]</c>.</summary>
/// <remarks>
/// Inside a request writing stages: the next request may start at once, and nothing leaves the activation before the write is durable as the grain type
/// demands. From outside this cannot be told from a write that waits. The ETag is the version of the entity's record, <c>epoch.position</c>, and,
/// once the entity was moved to another shard, how often; it moves when the request that wrote has ended.
/// </remarks>
internal sealed class GeoPersistentState<TState>(string name, UserObject owner, StateSerializer<TState> serializer) : IPersistentState<TState>, IGeoState
{
    private TState _state = StateSerializer<TState>.Create();
    private RecordVersion _version;

    public TState State
    {
        get => _state;
        set => _state = value;
    }

    /// <summary>Made when it is asked for: most grains never do, and every write would pay for it.</summary>
    public string? Etag => _version == RecordVersion.None ? null : owner.Activation.TagOf(_version);

    public bool RecordExists { get; private set; }

    /// <summary>Takes back what was not written: the state is what the last write of this request, or the record, holds.</summary>
    public Task ReadStateAsync() => owner.Activation.Output.OnSchedulerAsync(ReadHereAsync);

    public Task ReadStateAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ReadStateAsync();
    }

    public Task WriteStateAsync()
    {
        ReadOnlyMemory<byte> bytes;
        try
        {
            bytes = serializer.Serialize(_state);
        }
        catch (GeoException exception)
        {
            // A value that would not be kept. The object holds it: it is read again before the next request.
            owner.MustReload = true;
            return Task.FromException(exception);
        }

        var written = owner.Activation.Output.WriteAsync(owner, [new StateChange(name, bytes)]);
        RecordExists |= !written.IsFaulted;
        return written;
    }

    public Task WriteStateAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return WriteStateAsync();
    }

    public Task ClearStateAsync()
    {
        var written = owner.Activation.Output.WriteAsync(owner, [new StateChange(name, null)]);
        if (!written.IsFaulted)
        {
            Decode(null);
        }

        return written;
    }

    public Task ClearStateAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ClearStateAsync();
    }

    public void Load(EntityRecord record)
    {
        Decode(record.Find(name)?.Bytes);
        Committed(record);
    }

    public void Discard() => Load(owner.Record);

    public void Committed(EntityRecord record) => _version = record.Version;

    private Task ReadHereAsync()
    {
        if (Turn.Current is { IsOpen: true } turn && ReferenceEquals(turn.Owner, owner) && turn.TryFind(name, out var change))
        {
            Decode(change.Bytes);
        }
        else
        {
            Load(owner.Record);
        }

        return Task.CompletedTask;
    }

    private void Decode(ReadOnlyMemory<byte>? bytes)
    {
        _state = bytes is { } present ? serializer.Deserialize(present) : StateSerializer<TState>.Create();
        RecordExists = bytes is not null;
    }
}
