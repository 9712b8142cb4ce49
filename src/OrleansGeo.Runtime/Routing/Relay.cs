using Orleans.CodeGeneration;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Topology;
using OrleansGeo.Runtime.Tracing;

namespace OrleansGeo.Runtime.Routing;

/// <summary>Passes a request on to its home, for a caller in a region whose own link to the home is cut. One hop: what is passed on is not passed on again.</summary>
internal sealed class Relay(IRegionLinks links, GrainInterfaceTypeResolver interfaces)
{
    public RegionChannel? ChannelTo(RegionId home) => links.TryGetChannel(home, out var channel) ? channel : null;

    public async ValueTask<Response> AskAsync<T>(RegionChannel channel, GrainId entity, GeoCall<T> call, EntityShard shard)
    {
        var reference = (GrainReference)channel.Grains.GetGrain(entity, interfaces.GetGrainInterfaceType(call.GetInterfaceType()));
        var passed = new GeoCall<T>
        {
            Inner = call.Inner,
            Trace = GeoTracing.Here ?? call.Trace,
            Flags = call.Flags & ~GeoCallFlags.Relay,
            RequestHigh = call.RequestHigh,
            RequestLow = call.RequestLow,
            Fingerprint = call.Fingerprint,
            Session = call.Session,
            Shard = shard.Index,
            Generation = shard.Generation,
            Origin = call.Origin,
            TopologyVersion = call.TopologyVersion,
            RemainingMs = call.RemainingMs,
            Made = call.Made,
            Lineage = call.Lineage,
            Source = call.Source,
        };
        return await channel.ReferenceRuntime.InvokeMethodAsync<GeoReply<T>>(reference, passed, InvokeMethodOptions.None)
            ?? throw new InvalidOperationException($"{call.GetMethodName()} is a one-way call, which is not passed on.");
    }
}
