using OrleansGeo.Protocol.Logs;
using OrleansGeo.Runtime.Gates.Objects;
using OrleansGeo.Runtime.States;

namespace OrleansGeo.Runtime.Gates;

/// <summary>A state that Orleans' own storage bridge holds: kept true to the record behind its back.</summary>
internal sealed class BridgedState<TState>(string name, UserObject owner, IGrainState<TState> bridged, StateSerializer<TState> serializer) : IGeoState
{
    public object Holder => bridged;

    public void Load(EntityRecord record)
    {
        var bytes = record.Find(name)?.Bytes;
        bridged.State = bytes is { } present ? serializer.Deserialize(present) : StateSerializer<TState>.Create();
        bridged.RecordExists = bytes is not null;
        Committed(record);
    }

    public void Discard() => Load(owner.Record);

    public void Committed(EntityRecord record) => bridged.ETag = record.Version == RecordVersion.None ? null! : owner.Activation.TagOf(record.Version);
}
