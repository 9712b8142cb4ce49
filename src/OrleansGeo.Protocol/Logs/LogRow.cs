namespace OrleansGeo.Protocol.Logs;

/// <summary>One stored batch of entries, as bytes. The same bytes in every region (invariant 1).</summary>
public sealed record LogRow(long Epoch, LogPosition First, LogPosition Last, ReadOnlyMemory<byte> Bytes);
