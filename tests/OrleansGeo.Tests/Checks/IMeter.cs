namespace OrleansGeo.Tests.Checks;

[Alias("test.meter")]
[GrainInterfaceType("test.meter")]
public interface IMeter : IKeepsState;
