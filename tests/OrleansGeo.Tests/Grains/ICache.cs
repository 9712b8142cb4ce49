namespace OrleansGeo.Tests.Grains;

/// <summary>Counts when it is asked for the first time.</summary>
[Alias("test.cache")]
[GrainInterfaceType("test.cache")]
public interface ICache : IIndexed;
