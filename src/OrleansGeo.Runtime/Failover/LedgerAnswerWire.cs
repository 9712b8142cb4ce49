namespace OrleansGeo.Runtime.Failover;

/// <summary>What the home of a shard says to a <see cref="LedgerQuestionWire"/>, in the same order. What it cannot say now is false, and asked again.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.ledger.answer")]
internal sealed record LedgerAnswerWire([property: Id(0)] bool[] HasSettled, [property: Id(1)] bool[] Knows);
