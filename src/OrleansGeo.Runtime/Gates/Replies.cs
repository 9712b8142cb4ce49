using Orleans.Serialization.Invocation;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sessions;
using OrleansGeo.Runtime.Gates.Entities;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Runtime.Shards;

namespace OrleansGeo.Runtime.Gates;

/// <summary>Makes an activation's replies: the answer, and what may be said of where it comes from.</summary>
internal sealed class Replies(EntityView view, EntityClaims claims, GeoActivations silo)
{
    public GeoReply<T> Of<T>(ReplyKind kind, RecordVersion version = default, long freshness = -1)
    {
        var home = view.Home is { } acting ? acting.Home : silo.Topology.Value.HomeOf(view.ShardIndex);
        return new()
        {
            Kind = kind,
            ServedBy = silo.Self,
            Home = (byte)silo.Topology.Value.Regions.IndexOf(home.Region),
            Epoch = home.Epoch,
            VersionEpoch = version.Epoch,
            VersionPosition = version.Position.Value,
            StalenessMs = claims.StalenessOf(freshness),
            Shard = view.ShardIndex,
            Generation = view.Generation,
        };
    }

    /// <summary>What the author's method answered or threw.</summary>
    /// <param name="response">What Orleans' request came to.</param>
    /// <param name="mark">What it is based on.</param>
    /// <param name="mustTell">The request saw something newer than that.</param>
    public GeoReply<T> Of<T>(Response response, in ReadMark mark, bool mustTell = false)
    {
        var reply = Of<T>(response.Exception is null ? ReplyKind.Answer : ReplyKind.Thrown, mark.Version, mark.Freshness);
        reply.Seen = SessionCalls.Collect(mark.Flow, view.Peers?.Seen ?? view.Via ?? (mustTell ? [] : null));
        if (response.Exception is { } thrown)
        {
            reply.Thrown = thrown;
            return reply;
        }

        if (typeof(T) != typeof(NoResult))
        {
            reply.Value = Isolation<T>.Copy(silo.Copier, response is Response<T> typed ? typed.TypedResult : response.GetResult<T>());
        }

        response.Dispose();
        return reply;
    }

    public GeoReply<T> Failed<T>(ReplyKind kind, GeoError error)
    {
        var reply = Of<T>(kind);
        reply.Error = error;
        return reply;
    }

    public GeoReply<T> At<T>(GeoReply<T> reply, int shard)
    {
        var home = silo.Topology.Value.HomeOf(shard);
        (reply.Shard, reply.Home, reply.Epoch) = (shard, (byte)silo.Topology.Value.Regions.IndexOf(home.Region), home.Epoch);
        return reply;
    }

    /// <summary>Where to ask: the shard that the entity went to. To be told only once the leave is on a majority (<see cref="HomeWait.RedirectAsync{T}"/>).</summary>
    public GeoReply<T> Moved<T>() => view.Residence is { IsHere: false } left && view.IndexOf(left.Shard) is >= 0 and var next
        ? At(new GeoReply<T> { Kind = ReplyKind.Moved, ServedBy = silo.Self, Generation = left.Generation }, next)
        : Of<T>(ReplyKind.NotNow);

    /// <summary>What the session saw is in no log any more, only in the ledger. The version says from where it goes on.</summary>
    public GeoReply<T> WriteLost<T>(GeoCall<T> call)
    {
        if (claims.Judge(call) != FloorVerdict.Lost)
        {
            return Of<T>(ReplyKind.NotNow);
        }

        var reply = Of<T>(ReplyKind.Error, view.Shard!.ShownVersion);
        if (claims.Lost is { } lost)
        {
            // Only what was lost is repaired: what the session saw of other shards still counts.
            (reply.Shard, reply.VersionEpoch, reply.VersionPosition) = (lost.Shard, lost.Version.Epoch, lost.Version.Position.Value);
        }

        reply.Seen = view.Peers is not { } peers ? null : SessionFloorsCodec.Encode(SessionFloors.Of(peers.Shown));
        reply.Error = new(
            GeoErrorCode.WriteLost,
            $"This session had seen version {call.Session!.Floor} of {view.Entity} or of its shard {view.Shard.Id}, which a forced promotion left behind: it is, or will be, in the ledger (GET /v1/geo/lost-writes). Nothing happened; the session goes on from what survived, so read again before you write.");
        return reply;
    }
}
