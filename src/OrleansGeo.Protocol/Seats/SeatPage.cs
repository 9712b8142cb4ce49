using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Seats;

/// <summary>A page of another region's log.</summary>
/// <param name="Rows">In order.</param>
/// <param name="Head">That store's head, read after the rows.</param>
internal sealed record SeatPage(ImmutableArray<LogRow> Rows, ShardHead Head);
