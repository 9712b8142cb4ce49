namespace OrleansGeo.Protocol.Control;

/// <summary>How a change of a register ended.</summary>
/// <param name="Value">The register's decided value, whether or not it was changed.</param>
/// <param name="Changed">Whether the change was made.</param>
/// <param name="Began">When the attempt that succeeded began: before anybody could have seen its value.</param>
internal readonly record struct RegisterOutcome(ReadOnlyMemory<byte> Value, bool Changed, TimeSpan Began);
