namespace OrleansGeo.Runtime.Logs;

/// <summary>Rows of a log, and the head that the store had after they were read.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.logpage")]
internal readonly record struct LogPageWire([property: Id(0)] LogRowWire[] Rows, [property: Id(1)] ShardHeadWire Head);
