namespace OrleansGeo.Tests.Checks;

[GenerateSerializer]
[Alias("test.part")]
public class Part
{
    [Id(0)]
    public int Kept { get; set; }
}
