using Orleans.Concurrency;

namespace OrleansGeo.Api.Counters;

/// <summary>A counter that every region changes at once.</summary>
[Alias("orleansgeo.counter"), GrainInterfaceType("orleansgeo.counter")]
internal interface ICounter : IGrainWithStringKey
{
    [ReadOnly, Alias("get")]
    ValueTask<Int128> Get();

    /// <param name="amount">May be negative.</param>
    [Alias("add")]
    ValueTask<Int128> Add(long amount);
}
