namespace OrleansGeo.Tests.Checks;

[Alias("test.plainaccount")]
[GrainInterfaceType("test.plainaccount")]
public interface IPlainAccount : IKeepsState;
