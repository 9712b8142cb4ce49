namespace OrleansGeo.Tests.Grains;

/// <summary>Its class is a filter, too.</summary>
[Alias("test.selfwatched")]
[GrainInterfaceType("test.selfwatched")]
public interface ISelfWatchedGrain : IWatched;
