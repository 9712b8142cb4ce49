namespace OrleansGeo.Tests.Grains;

[Alias("test.reentrantroom")]
[GrainInterfaceType("test.reentrantroom")]
public interface IReentrantRoom : IRoom;
