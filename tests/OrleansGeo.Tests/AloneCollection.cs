namespace OrleansGeo.Tests;

/// <summary>What runs by itself, one after the other: worlds and links, whose leases and heartbeats keep real time, and the simulation, which takes every processor.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
