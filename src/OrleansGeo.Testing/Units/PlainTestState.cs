using OrleansGeo.Runtime.States;

namespace OrleansGeo.Testing;

/// <summary>The state of an entity that one region at a time writes: an object, and the bytes of its last write.</summary>
internal sealed class PlainTestState<TState>(StateSerializer<TState> serializer) : GeoTestState<TState>
{
    private TState _state = StateSerializer<TState>.Create();
    private ReadOnlyMemory<byte>? _stored;

    public override TState State
    {
        get => _state;
        set => _state = value;
    }

    public override TState Stored => _stored is { } bytes ? serializer.Deserialize(bytes) : StateSerializer<TState>.Create();

    public override bool RecordExists => _stored is not null;

    public override void Change(Action<TState> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var stored = Stored;
        change(stored);
        _stored = serializer.Serialize(stored);
    }

    private protected override void Reload() => _state = Stored;

    private protected override void Discard() => Reload();

    private protected override bool Write()
    {
        _stored = serializer.Serialize(_state);
        return true;
    }

    private protected override void Clear()
    {
        _stored = null;
        Reload();
    }

    private protected override void Refused()
    {
        // It stays as the grain left it, until the grain takes it back or gives up.
    }
}
