using Orleans.Concurrency;

namespace OrleansGeo.Tests.Worlds;

/// <summary>A multi-writer grain with one state of each kind.</summary>
[Alias("test.tally")]
[GrainInterfaceType("test.tally")]
public interface ITally : IGrainWithStringKey
{
    [Alias("add")]
    Task Add(long amount);

    /// <summary>Two states in one request.</summary>
    [Alias("join")]
    Task Join(string member);

    [Alias("leave")]
    Task<bool> Leave(string member);

    [Alias("set")]
    Task Set(string field, string value);

    [ReadOnly]
    [Alias("count")]
    Task<long> Count();

    [ReadOnly]
    [Alias("members")]
    Task<string[]> Members();

    [ReadOnly]
    [Alias("field")]
    Task<string?> Field(string field);

    [ReadOnly]
    [Alias("overruled")]
    Task<long> Overruled();
}
