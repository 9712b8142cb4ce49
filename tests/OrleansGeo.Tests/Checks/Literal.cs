namespace OrleansGeo.Tests.Checks;

[GenerateSerializer]
[Alias("test.literal")]
public sealed class Literal : Term
{
    [Id(0)]
    public int Value { get; set; }
}
