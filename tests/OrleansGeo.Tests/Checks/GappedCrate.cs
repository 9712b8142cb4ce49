namespace OrleansGeo.Tests.Checks;

/// <summary>Has a member that its codec leaves out.</summary>
#pragma warning disable ORLEANS0004 // The point of it.
[GenerateSerializer]
#pragma warning restore ORLEANS0004
[Alias("test.gappedcrate`1")]
public sealed class GappedCrate<T> : Crate<T>
{
    [Id(0)]
    public int More { get; set; }

    public int Forgotten { get; set; }
}
