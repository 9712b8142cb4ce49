namespace OrleansGeo.Tests.Grains;

[Alias("test.choosyroom")]
[GrainInterfaceType("test.choosyroom")]
public interface IChoosyRoom : IRoom;
