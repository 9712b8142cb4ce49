using System.Collections.Immutable;

namespace OrleansGeo.Protocol.Logs;

/// <summary>A row and what it says, decoded once.</summary>
internal readonly record struct DecodedRow(LogRow Row, ImmutableArray<LogEntry> Entries);
