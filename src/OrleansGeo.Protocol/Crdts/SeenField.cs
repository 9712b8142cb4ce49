using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Crdts;

/// <summary>Another row's field that a write has seen and hides. <paramref name="IsOverruled"/>: it was a value then, and had lost to a concurrent one.</summary>
internal readonly record struct SeenField(string Row, RecordVersion Version, bool IsOverruled);
