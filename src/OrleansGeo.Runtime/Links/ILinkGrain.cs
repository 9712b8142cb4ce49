using Orleans.Concurrency;

namespace OrleansGeo.Runtime.Links;

/// <summary>Answers the heartbeats of other regions' links, on the silo whose gateway they came in by.</summary>
[Alias("orleansgeo.link"), GrainInterfaceType("orleansgeo.link")]
internal interface ILinkGrain : IGrainWithIntegerKey
{
    [AlwaysInterleave, Alias("ping")]
    ValueTask Ping();
}
