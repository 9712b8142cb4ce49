namespace OrleansGeo.Tests;

/// <summary>Whole worlds and links, whose leases and heartbeats run on real time: one after the other, and not beside tests that take every processor.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
