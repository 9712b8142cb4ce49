namespace OrleansGeo.Tests;

/// <summary>Whole worlds, whose leases run on real time: they run one after the other, and not beside tests that take every processor.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
