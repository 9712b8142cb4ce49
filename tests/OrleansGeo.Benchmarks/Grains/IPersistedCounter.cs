namespace OrleansGeo.Benchmarks.Grains;

[Alias("bench.persistedcounter")]
[GrainInterfaceType("bench.persistedcounter")]
internal interface IPersistedCounter : ICounter;
