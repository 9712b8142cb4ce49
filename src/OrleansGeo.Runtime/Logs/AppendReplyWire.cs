using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Logs;

/// <summary><see cref="AppendReply"/> as it travels.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.appendreply")]
internal readonly record struct AppendReplyWire(
    [property: Id(0)] byte Verdict,
    [property: Id(1)] long At,
    [property: Id(2)] long AtEpoch,
    [property: Id(3)] long Last,
    [property: Id(4)] long LastEpoch,
    [property: Id(5)] string PromisedRegion,
    [property: Id(6)] long PromisedEpoch,
    [property: Id(7)] string? Problem = null)
{
    public static AppendReplyWire From(AppendReply reply) => new(
        (byte)reply.Verdict, reply.At.Value, reply.AtEpoch, reply.Last.Value, reply.LastEpoch, reply.Promised.Region.Name, reply.Promised.Epoch, reply.Problem);

    public AppendReply ToReply() => new(
        (AppendVerdict)Verdict, new(At), AtEpoch, new(Last), LastEpoch, PromisedRegion.Length == 0 ? default : new(new RegionId(PromisedRegion), PromisedEpoch), Problem);
}
