namespace OrleansGeo.Benchmarks.Grains;

[Alias("bench.plaincounter")]
[GrainInterfaceType("bench.plaincounter")]
internal interface IPlainCounter : ICounter;
