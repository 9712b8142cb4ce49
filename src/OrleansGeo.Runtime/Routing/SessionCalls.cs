using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sessions;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.Routing;

/// <summary>What of a session travels with calls and comes back with their answers.</summary>
internal static class SessionCalls
{
    /// <summary>What a call to an entity of this shard carries.</summary>
    public static CallSession Of(GeoSession session, EntityShard shard)
    {
        var seen = session.Seen;
        var floor = seen.Find(shard.Index) ?? RecordVersion.None;
        var isNested = session.Options.Consistency == ReadConsistency.Session;
        return new()
        {
            FloorEpoch = floor.Epoch,
            FloorPosition = floor.Position.Value,
            Seen = isNested || shard.Generation > 0 ? SessionFloorsCodec.Encode(seen) : null,
            IsNested = isNested,
        };
    }

    /// <summary>While a method runs: what it calls belongs to its caller's session.</summary>
    public static GeoSession Nest(CallSession session) =>
        GeoSession.Nest(session.Nested, session.Seen is { } seen ? SessionFloorsCodec.Decode(seen) : SessionFloors.Empty);

    /// <summary>What the calls of the method saw; null: nothing.</summary>
    /// <param name="flow">The method's; null: the caller has no session, and nothing is to be told.</param>
    /// <param name="rows">What the method itself saw of other shards: of a multi-writer entity, other regions' rows; of a moved one, the shards that it was in.</param>
    public static byte[]? Collect(NestedFlow? flow, IEnumerable<SessionFloor>? rows)
    {
        if (flow is null || (flow.Made?.Last is null && rows is null))
        {
            return null;
        }

        var nested = flow.Session!;
        foreach (var row in rows ?? [])
        {
            nested.Saw(row, isChecked: true);
        }

        return SessionFloorsCodec.Encode(nested.Seen);
    }

    /// <summary>An answer that was recorded before the entity moved: whoever gets it has seen how it moved, too.</summary>
    public static GeoReply<T> Add<T>(GeoReply<T> reply, IEnumerable<SessionFloor>? rows)
    {
        if (rows is not null)
        {
            var seen = reply.Seen is { } recorded ? SessionFloorsCodec.Decode(recorded) : SessionFloors.Empty;
            reply.Seen = SessionFloorsCodec.Encode(rows.Aggregate(seen, static (seen, row) => seen.Raise(row, isChecked: true)));
        }

        return reply;
    }

    /// <summary>What came back with an answer is what the caller's session has seen.</summary>
    public static void Report<T>(GeoSession session, GeoReply<T> reply, bool isChecked)
    {
        if (reply.Seen is { } nested)
        {
            session.Saw(SessionFloorsCodec.Decode(nested), isChecked);
        }

        // Last, so that it is the last to be forgotten.
        session.Saw(new SessionFloor(reply.Shard, new(reply.VersionEpoch, new(reply.VersionPosition))), isChecked);
    }

    /// <summary>What the session saw was lost: it goes on from what whoever told so shows.</summary>
    public static void Repair<T>(GeoSession? session, GeoReply<T> reply)
    {
        session?.Lost(new(reply.Shard, new(reply.VersionEpoch, new(reply.VersionPosition))));
        if (reply.Seen is { } rows)
        {
            foreach (var floor in SessionFloorsCodec.Decode(rows).All)
            {
                session?.Lost(floor);
            }
        }
    }
}
