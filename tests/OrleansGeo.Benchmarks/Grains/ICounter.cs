using Orleans.Concurrency;

namespace OrleansGeo.Benchmarks.Grains;

/// <summary>What both sides are asked for: the same methods, on a geo grain and on plain ones.</summary>
[Alias("bench.counter")]
[GrainInterfaceType("bench.counter")]
internal interface ICounter : IGrainWithStringKey
{
    /// <summary>One persisted write.</summary>
    [Alias("add")]
    ValueTask<long> Add(long amount);

    /// <summary>A call that only the home may answer, and that changes nothing.</summary>
    [Alias("touch")]
    ValueTask<CounterView> Touch();

    [ReadOnly]
    [Alias("read")]
    ValueTask<CounterView> Read();
}
