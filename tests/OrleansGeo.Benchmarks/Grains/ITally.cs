using Orleans.Concurrency;

namespace OrleansGeo.Benchmarks.Grains;

/// <summary>A counter that every region changes at once.</summary>
[Alias("bench.tally")]
[GrainInterfaceType("bench.tally")]
internal interface ITally : IGrainWithStringKey
{
    [Alias("add")]
    ValueTask Add(long amount);

    [ReadOnly]
    [Alias("read")]
    ValueTask<long> Read();
}
