namespace OrleansGeo.Tests.Checks;

/// <summary>A base member, behind which another type may stand.</summary>
[GenerateSerializer]
[Alias("test.parts")]
public sealed class Parts
{
    [Id(0)]
    public Part? Part { get; set; }
}
