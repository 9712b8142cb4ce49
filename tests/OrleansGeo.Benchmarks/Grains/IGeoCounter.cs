namespace OrleansGeo.Benchmarks.Grains;

[Alias("bench.geocounter")]
[GrainInterfaceType("bench.geocounter")]
internal interface IGeoCounter : ICounter;
