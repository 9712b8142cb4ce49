namespace OrleansGeo.Tests.Checks;

[GenerateSerializer]
[Alias("test.equation")]
public sealed class Equation
{
    [Id(0)]
    public Term? Left { get; set; }
}
