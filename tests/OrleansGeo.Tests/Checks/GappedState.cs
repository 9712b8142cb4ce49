namespace OrleansGeo.Tests.Checks;

/// <summary>Orleans' codec of it leaves out what has no [Id].</summary>
#pragma warning disable ORLEANS0004 // The point of it.
[GenerateSerializer]
#pragma warning restore ORLEANS0004
[Alias("test.gappedstate")]
public sealed class GappedState
{
    [Id(0)]
    public int Kept { get; set; }

    public int Forgotten { get; set; }

    [field: NonSerialized]
    public int Derived { get; set; }
}
