namespace OrleansGeo.Protocol.Homes;

/// <summary>A state as a request left it; null bytes clear it.</summary>
internal readonly record struct StateChange(string Name, ReadOnlyMemory<byte>? Bytes);
