namespace OrleansGeo.Tests.Grains;

[Alias("test.openroom")]
[GrainInterfaceType("test.openroom")]
public interface IOpenRoom : IRoom;
