using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Seats;

/// <summary>What the own store said to rows of another region's.</summary>
internal sealed record SeatAppended(AppendVerdict Verdict, ShardHead Head);
