using Orleans.Concurrency;

namespace OrleansGeo.Runtime.Freshness;

/// <summary>Says where the logs stand that are at home in a region. One activation on each silo; a silo answers for all.</summary>
[Alias("orleansgeo.probe")]
[GrainInterfaceType("orleansgeo.probe")]
internal interface IProbeGrain : IGrainWithStringKey
{
    /// <summary>From another region: where do the logs stand of which this region is home, now and under its lease?</summary>
    [AlwaysInterleave, Alias("ask")]
    ValueTask<ProbeReply> Ask();

    /// <summary>From a silo of the same region: those that act on this silo.</summary>
    [AlwaysInterleave, Alias("askself")]
    ValueTask<ProbeReply> AskSilo();
}
