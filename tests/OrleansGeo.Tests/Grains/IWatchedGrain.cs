namespace OrleansGeo.Tests.Grains;

/// <summary>Watched by the filters of its silo.</summary>
[Alias("test.watchedgrain")]
[GrainInterfaceType("test.watchedgrain")]
public interface IWatchedGrain : IWatched;
