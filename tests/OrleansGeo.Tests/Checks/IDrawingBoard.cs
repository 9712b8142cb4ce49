namespace OrleansGeo.Tests.Checks;

[Alias("test.drawingboard")]
[GrainInterfaceType("test.drawingboard")]
public interface IDrawingBoard : IKeepsState;
