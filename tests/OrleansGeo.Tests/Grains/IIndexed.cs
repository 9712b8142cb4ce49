using Orleans.Concurrency;

namespace OrleansGeo.Tests.Grains;

/// <summary>Answers from fields that it derived from its state.</summary>
[Alias("test.indexed")]
public interface IIndexed : IGrainWithStringKey
{
    [Alias("append")]
    Task<int> Append(string text);

    /// <summary>Changes its field, stops at a barrier, then writes.</summary>
    [Alias("stop")]
    Task<int> StopThenAppend(string barrier, string text);

    [ReadOnly]
    [Alias("count")]
    Task<int> Count();

    /// <summary>Stops at a barrier between two looks at its field.</summary>
    [ReadOnly]
    [Alias("twice")]
    Task<int[]> CountTwice(string barrier);
}
