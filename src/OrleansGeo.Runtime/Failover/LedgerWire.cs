namespace OrleansGeo.Runtime.Failover;

/// <summary>One region's ledger as it travels.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.ledger")]
internal sealed record LedgerWire([property: Id(0)] LostWriteWire[] Items, [property: Id(1)] SuspicionWire[] Suspected);
