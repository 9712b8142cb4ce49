using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sessions;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Runtime.Shards;

namespace OrleansGeo.Runtime.Gates.Entities;

/// <summary>What may be claimed of what is read here: to a session, and of its age.</summary>
internal sealed class EntityClaims(EntityView view, GeoActivations silo)
{
    /// <summary>What a session had seen and is in no log any more, where that was another shard than the entity's present one.</summary>
    public SessionFloor? Lost { get; private set; }

    /// <summary>Of a multi-writer entity the own row is always fresh; what counts is how old the others are.</summary>
    public long FreshnessNow => view.Peers is { } peers ? peers.Freshness : view.Owns ? view.Shard?.Freshness ?? -1 : FreshnessOfLeft;

    public int StalenessOf(long freshness) => view.Peers is { } peers ? peers.StalenessOf(freshness) : view.Owns ? view.Shard?.StalenessOf(freshness) ?? -1 : StalenessOfLeft(freshness);

    public static bool HasSeen(CallSession? session) => session is { FloorPosition: > 0 } or { Seen: not null };

    /// <summary>The caller has a session and took the entity to be elsewhere: what its session saw of the shards on the way has to be judged, and it did not say.</summary>
    /// <remarks>The answer, <see cref="ReplyKind.Moved"/>, names this very shard and the generation in which the entity came to it, which is true for ever.</remarks>
    public bool MustSayMore(IGeoCall call) => call.Session is { Seen: null } && call.Shard != view.ShardIndex && view.Generation > call.Generation;

    public FloorVerdict Judge(IGeoCall call)
    {
        var session = call.Session;
        if (session is null)
        {
            return FloorVerdict.Satisfied;
        }

        Lost = null;
        if (view.Residence is not null || call.Shard != view.ShardIndex)
        {
            return JudgeMoved(call, session);
        }

        var own = session is not { FloorPosition: > 0 } ? FloorVerdict.Satisfied : view.Shard?.Check(session.Floor) ?? FloorVerdict.NotYet;
        return own != FloorVerdict.Satisfied || view.Peers is not { } peers || session.Seen is not { } seen ? own : peers.Check(SessionFloorsCodec.Decode(seen));
    }

    /// <summary>What was remembered elsewhere took effect before the entity came here.</summary>
    public RecordVersion SinceArrival(RecordVersion version) =>
        view.Record.Residence is { } residence && residence.Version > version ? residence.Version : version;

    /// <summary>What a session saw of the shards that the entity was in counts as much as what it saw of the one that it is in (invariant 7).</summary>
    private FloorVerdict JudgeMoved(IGeoCall call, CallSession session)
    {
        var isHomeOnly = (call.Flags & GeoCallFlags.HomeOnly) != 0;
        if (view.IsPointer && !isHomeOnly && HasSeen(session))
        {
            return FloorVerdict.NotYet;
        }

        if (session.Seen is not { } seen)
        {
            // With nothing seen nothing can be older; else MustSayMore asks for what was seen.
            return session.FloorPosition == 0 ? FloorVerdict.Satisfied : CheckIn(call.Shard, session.Floor);
        }

        var floors = SessionFloorsCodec.Decode(seen);
        var own = CheckIn(view.ShardIndex, floors, isHomeOnly);
        if (own != FloorVerdict.Satisfied)
        {
            return own;
        }

        foreach (var via in view.Residence?.Via ?? [])
        {
            if (view.IndexOf(via.Shard) is >= 0 and var index && floors.Find(index) is { } before && SessionFloor.Check(before, via.Epochs, via.Left.Position) == FloorVerdict.Lost)
            {
                Lost = new(index, via.Left);
                return FloorVerdict.Lost;
            }
        }

        // It is read as it was when it left: not by who has seen it where it went.
        return view.Residence is { IsHere: false } left && view.IndexOf(left.Shard) is >= 0 and var next ? CheckIn(next, floors, isHomeOnly) : FloorVerdict.Satisfied;
    }

    /// <summary>A session that had to forget may have seen this shard: the home, which has everything, may answer.</summary>
    private FloorVerdict CheckIn(int index, SessionFloors floors, bool isHomeOnly) =>
        floors.Find(index) is { } floor ? CheckIn(index, floor) : floors.HasForgotten && !isHomeOnly ? FloorVerdict.NotYet : FloorVerdict.Satisfied;

    private FloorVerdict CheckIn(int index, RecordVersion floor)
    {
        var shard = index == view.ShardIndex ? view.Shard : silo.Shards.TryGet(index, out var there) ? there : null;
        var verdict = shard?.Check(floor) ?? FloorVerdict.NotYet;
        if (verdict == FloorVerdict.Lost)
        {
            Lost = new(index, shard!.ShownVersion);
        }

        return verdict;
    }

    /// <summary>
    /// Of an entity that is read as it was when it left: it is no older than where it went is known to have nothing of it. Where that is at home here, only
    /// the age of what left counts.
    /// </summary>
    private long FreshnessOfLeft => view.IsPointer || view.Residence is not { } left || view.IndexOf(left.Shard) is not (>= 0 and var next) || !silo.Shards.TryGet(next, out var there) ? -1
        : there is HomeShard home ? (home.StalenessMs == 0 ? view.Shard?.Freshness ?? -1 : -1)
        : view.Shard is ReplicaShard here ? Math.Min(there.Freshness, here.Freshness)
        : there.Freshness;

    /// <summary>A mark of a home is 0: it says nothing but that.</summary>
    private int StalenessOfLeft(long mark) => mark < 0 ? -1
        : mark == 0 ? view.Shard?.StalenessOf(0) ?? -1
        : ReplicaShard.Milliseconds(silo.Clock.Now - new TimeSpan(mark));
}
