namespace OrleansGeo.Tests.Checks;

[GenerateSerializer]
[Alias("test.shelf")]
public sealed class Shelf
{
    [Id(0)]
    public Crate<int>? Crate { get; set; }
}
