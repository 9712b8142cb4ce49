using Orleans.Concurrency;

namespace OrleansGeo.Tests.Grains;

/// <summary>A multi-writer set, written on a thread of the pool.</summary>
[Alias("test.gathering")]
[GrainInterfaceType("test.gathering")]
public interface IGathering : IGrainWithStringKey
{
    /// <summary>While another request keeps the grain's own thread: adds one, begins to write, adds another one, lets the other request go, and waits for the write.</summary>
    [Alias("addinpool")]
    Task AddInPool(string first, string second, string barrier);

    /// <summary>Keeps the grain's own thread until the barrier opens.</summary>
    [ReadOnly, AlwaysInterleave]
    [Alias("keepthread")]
    Task KeepThread(string barrier);

    [ReadOnly]
    [Alias("members")]
    Task<string[]> Members();
}
