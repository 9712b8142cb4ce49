namespace OrleansGeo.Tests.Checks;

#pragma warning disable ORLEANS0004 // The point of it.
[GenerateSerializer]
#pragma warning restore ORLEANS0004
[Alias("test.gappedpart")]
public sealed class GappedPart : Part
{
    [Id(0)]
    public int Own { get; set; }

    public int Forgotten { get; set; }
}
