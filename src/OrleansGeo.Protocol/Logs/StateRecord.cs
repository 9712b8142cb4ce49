namespace OrleansGeo.Protocol.Logs;

/// <summary>One named state of an entity as an entry left it. <paramref name="Bytes"/> is null when the state was cleared.</summary>
public sealed record StateRecord(string Name, RecordVersion Version, ReadOnlyMemory<byte>? Bytes);
