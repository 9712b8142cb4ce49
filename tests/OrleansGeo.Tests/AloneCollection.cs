namespace OrleansGeo.Tests;

/// <summary>What runs by itself, one after the other: links, whose delays and heartbeats are measured, and processes and the simulation, which take every processor.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
