namespace OrleansGeo.Tests.Grains;

/// <summary>Counts in <c>OnActivateAsync</c>.</summary>
[Alias("test.index")]
[GrainInterfaceType("test.index")]
public interface IIndex : IIndexed;
