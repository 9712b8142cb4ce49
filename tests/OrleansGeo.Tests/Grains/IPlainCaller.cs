namespace OrleansGeo.Tests.Grains;

/// <summary>A plain grain in between.</summary>
[Alias("test.plaincaller")]
[GrainInterfaceType("test.plaincaller")]
public interface IPlainCaller : ICaller;
