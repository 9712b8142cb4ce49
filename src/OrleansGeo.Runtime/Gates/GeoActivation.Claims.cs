using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Protocol.Sessions;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Runtime.Shards;

namespace OrleansGeo.Runtime.Gates;

/// <summary>What may be claimed of an entity that was moved: to sessions that saw it in other shards, and of its age while the arrival is not shown here.</summary>
internal sealed partial class GeoActivation
{
    private SessionFloor? _lost;

    /// <summary>The caller has a session and took the entity to be elsewhere: what its session saw of the shards on the way has to be judged, and it did not say.</summary>
    /// <remarks>The answer, <see cref="ReplyKind.Moved"/>, names this very shard and the generation in which the entity came to it, which is true for ever.</remarks>
    private bool MustSayMore(IGeoCall call) => call.Session is { Seen: null } && call.Shard != _shardIndex && Generation > call.Generation;

    /// <summary>What a session saw of the shards that the entity was in counts as much as what it saw of the one that it is in (invariant 7).</summary>
    private FloorVerdict JudgeMoved(IGeoCall call, CallSession session)
    {
        var isHomeOnly = (call.Flags & GeoCallFlags.HomeOnly) != 0;
        if (IsPointer && !isHomeOnly && HasSeen(session))
        {
            return FloorVerdict.NotYet;
        }

        if (session.Seen is not { } seen)
        {
            // With nothing seen nothing can be older; else MustSayMore asks for what was seen.
            return session.FloorPosition == 0 ? FloorVerdict.Satisfied : CheckIn(call.Shard, session.Floor);
        }

        var floors = SessionFloorsCodec.Decode(seen);
        var own = CheckIn(_shardIndex, floors, isHomeOnly);
        if (own != FloorVerdict.Satisfied)
        {
            return own;
        }

        foreach (var via in _residence?.Via ?? [])
        {
            if (IndexOf(via.Shard) is >= 0 and var index && floors.Find(index) is { } before && SessionFloor.Check(before, via.Epochs, via.Left.Position) == FloorVerdict.Lost)
            {
                _lost = new(index, via.Left);
                return FloorVerdict.Lost;
            }
        }

        // It is read as it was when it left: not by who has seen it where it went.
        return _residence is { IsHere: false } left && IndexOf(left.Shard) is >= 0 and var next ? CheckIn(next, floors, isHomeOnly) : FloorVerdict.Satisfied;
    }

    /// <summary>A session that had to forget may have seen this shard: the home, which has everything, may answer.</summary>
    private FloorVerdict CheckIn(int index, SessionFloors floors, bool isHomeOnly) =>
        floors.Find(index) is { } floor ? CheckIn(index, floor) : floors.HasForgotten && !isHomeOnly ? FloorVerdict.NotYet : FloorVerdict.Satisfied;

    private FloorVerdict CheckIn(int index, RecordVersion floor)
    {
        var shard = index == _shardIndex ? _shard : _silo.Shards.TryGet(index, out var there) ? there : null;
        var verdict = shard?.Check(floor) ?? FloorVerdict.NotYet;
        if (verdict == FloorVerdict.Lost)
        {
            _lost = new(index, shard!.ShownVersion);
        }

        return verdict;
    }

    /// <summary>
    /// Of an entity that is read as it was when it left: it is no older than where it went is known to have nothing of it. Where that is at home here, only
    /// the age of what left counts.
    /// </summary>
    private long FreshnessOfLeft => IsPointer || _residence is not { } left || IndexOf(left.Shard) is not (>= 0 and var next) || !_silo.Shards.TryGet(next, out var there) ? -1
        : there is HomeShard home ? (home.StalenessMs == 0 ? _shard?.Freshness ?? -1 : -1)
        : _shard is ReplicaShard here ? Math.Min(there.Freshness, here.Freshness)
        : there.Freshness;

    /// <summary>A mark of a home is 0: it says nothing but that.</summary>
    private int StalenessOfLeft(long mark) => mark < 0 ? -1
        : mark == 0 ? _shard?.StalenessOf(0) ?? -1
        : ReplicaShard.Milliseconds(_silo.Clock.Now - new TimeSpan(mark));

    /// <summary>What was remembered elsewhere took effect before the entity came here.</summary>
    private RecordVersion SinceArrival(RecordVersion version) =>
        Record.Residence is { } residence && residence.Version > version ? residence.Version : version;
}
