namespace OrleansGeo.Benchmarks.Grains;

[GenerateSerializer]
[Immutable]
[Alias("bench.counterview")]
internal sealed record CounterView([property: Id(0)] long Value, [property: Id(1)] string Note);
