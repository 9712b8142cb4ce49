namespace OrleansGeo.Protocol.Logs;

/// <summary>One named state of an entity as an entry left it. <paramref name="Bytes"/> is null when the state was cleared.</summary>
public sealed record StateRecord(string Name, RecordVersion Version, ReadOnlyMemory<byte>? Bytes)
{
    /// <summary>The same, not as a small part of a row, which would stay in memory for it.</summary>
    internal StateRecord Owned() =>
        Bytes is { } bytes && OwnedBytes.Of(bytes, timesAtMost: 2) is var owned && !owned.Equals(bytes) ? this with { Bytes = owned } : this;
}
