using System.Collections.Immutable;

namespace OrleansGeo.Protocol.Logs;

/// <summary>A row and what it says, decoded once.</summary>
public readonly record struct DecodedRow(LogRow Row, ImmutableArray<LogEntry> Entries);
