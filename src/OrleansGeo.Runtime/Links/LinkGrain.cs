using Orleans.Concurrency;

namespace OrleansGeo.Runtime.Links;

// A stateless worker is activated on the silo that received the call: a heartbeat then measures that gateway and nothing behind it.
[GrainType("orleansgeo-link"), StatelessWorker(maxLocalWorkers: 1)]
internal sealed class LinkGrain : Grain, ILinkGrain
{
    public ValueTask Ping() => ValueTask.CompletedTask;
}
