using Orleans.Serialization.Invocation;
using OrleansGeo.Abstractions.Sessions;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Protocol.Sessions;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Runtime.Shards;

namespace OrleansGeo.Runtime.Gates;

/// <summary>Which shard the entity is in. Nearly always that of its key; what follows is for those that were moved.</summary>
/// <remarks>
/// The record says where it is (<see cref="Residence"/>), and the activation follows: where the other shard shows that the entity arrived, that is read and
/// written from then on. Until then it can be read as it was when it left, which nobody has changed, and not written.
/// </remarks>
internal sealed partial class GeoActivation
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(50);

    private int _shardIndex;
    private Residence? _residence;
    private StateRecord? _residenceState;
    private long _askedElsewhere;

    /// <summary>What names the entity's state in its answers (<see cref="GeoCallResult.Tag"/>).</summary>
    public string TagOf(RecordVersion version) => new GeoCallResult { Version = version, Moves = Generation }.Tag;

    /// <summary>Whether the entity is in the shard that its record was taken from.</summary>
    private bool Owns => _residence?.IsHere ?? _shardIndex == _shardOfKey;

    /// <summary>How often the entity had been moved when it was, or is, in that shard.</summary>
    private long Generation => _residence?.Owned ?? 0;

    /// <summary>Of an entity that was moved: what whoever sees it has seen of the shards that it was in before.</summary>
    private IEnumerable<SessionFloor>? Via => _residence?.Via
        .Select(via => new SessionFloor(IndexOf(via.Shard), via.Left)).Where(static floor => floor.Shard >= 0);

    private int IndexOf(Protocol.Sharding.ShardId shard) => _silo.Topology.Value.Map.IndexOf(shard);

    private void Bind(int index, Shard shard, LiveRecord live)
    {
        if (_live is { } before && !ReferenceEquals(before, live))
        {
            _shard?.Release(before);
        }

        (_shardIndex, _shard, _live) = (index, shard, live);
        Load(live.Current!);
    }

    private void NoteResidence()
    {
        if (ReferenceEquals(Record.Residence, _residenceState))
        {
            return;
        }

        _residenceState = Record.Residence;
        _residence = Residence.Of(Record);
        if (_residence is { IsHere: true } here && _shard is HomeShard && _shardIndex != _shardOfKey)
        {
            // Whoever moved it may have ended before the shard of its key was told.
            _silo.Moves.Settle(GrainId, here);
        }
    }

    /// <summary>A caller may know more than the records that are here: the shard that it addresses is looked at first.</summary>
    /// <returns>False: not now.</returns>
    private async ValueTask<bool> HeedAsync(IGeoCall call)
    {
        if (call.Generation == 0 || (call.Flags & GeoCallFlags.HomeOnly) == 0 || (_live is { IsClosed: false } && call.Generation <= Generation))
        {
            return true;
        }

        if (!_silo.Shards.TryGet(call.Shard, out var shard))
        {
            return await LookElsewhereAsync(call.Shard, call.Generation);
        }

        if (await TryBindAsync(call.Shard, shard, call.Generation))
        {
            return true;
        }

        if (shard is HomeShard { IsHandingOver: false })
        {
            // It left for here and has not arrived: whoever meets that finishes it.
            using var bound = new CancellationTokenSource(TimeSpan.FromMilliseconds(Math.Min(call.RemainingMs, LongestWait.TotalMilliseconds)), _silo.Time);
            return await _silo.Moves.FinishAsync(GrainId, bound.Token) && await TryBindAsync(call.Shard, shard, call.Generation);
        }

        return true;
    }

    /// <summary>The record says that the entity is elsewhere: takes it from there if it is shown there.</summary>
    /// <returns>False: not now.</returns>
    private async ValueTask<bool> FollowAsync()
    {
        if (_residence is null)
        {
            // It was here, as far as somebody knew, and is not: what brought it may have been lost.
            _shardIndex = _shardOfKey;
            if (!await HoldAsync())
            {
                return false;
            }
        }

        while (_residence is { IsHere: false } left && IndexOf(left.Shard) is >= 0 and var next)
        {
            if (!_silo.Shards.TryGet(next, out var shard))
            {
                return await LookElsewhereAsync(next, left.Generation);
            }

            if (!await TryBindAsync(next, shard, left.Generation))
            {
                break;
            }
        }

        return true;
    }

    private async ValueTask<bool> TryBindAsync(int index, Shard shard, long generation)
    {
        if (await shard.TryHoldAsync(_entity) is not { } live)
        {
            return false;
        }

        if (Residence.Of(live.Current!) is { } residence && residence.Generation >= generation)
        {
            Bind(index, shard, live);
            return true;
        }

        shard.Release(live);
        return false;
    }

    /// <summary>The shard is on another silo of the region: if it shows the entity, this activation makes way for one there.</summary>
    /// <returns>Whether to go on with what is here.</returns>
    private async ValueTask<bool> LookElsewhereAsync(int index, long generation)
    {
        if (_askedElsewhere != 0 && _silo.Time.GetElapsedTime(_askedElsewhere) < AskAgain)
        {
            return true;
        }

        _askedElsewhere = _silo.Time.GetTimestamp();
        if (!await _silo.ShowsAsync(index, _entity, generation))
        {
            return true;
        }

        _silo.Places.Learn(GrainId, new(index, generation));
        GiveUp($"it was moved to shard {_silo.Topology.Value.Map[index]}, which another silo has");
        return false;
    }

    /// <summary>The shard that the caller means: it may know of a move that the records here do not show.</summary>
    private int AddressedBy(IGeoCall call) => call.Generation > Generation ? call.Shard : _shardIndex;

    /// <summary>The caller has a session and took the entity to be elsewhere: what its session saw of the shards on the way has to be judged, and it did not say.</summary>
    private bool MustSayMore(IGeoCall call) => call.Session is { Seen: null } && call.Shard != _shardIndex && Generation > call.Generation;

    /// <summary>What a session saw of the shards that the entity was in counts as much as what it saw of the one that it is in (invariant 7).</summary>
    private FloorVerdict JudgeMoved(IGeoCall call, CallSession session)
    {
        if (session.Seen is not { } seen)
        {
            // With nothing seen nothing can be older; else MustSayMore asks for what was seen.
            return session.FloorPosition == 0 ? FloorVerdict.Satisfied
                : call.Shard == _shardIndex ? _shard?.Check(session.Floor) ?? FloorVerdict.NotYet
                : CheckThere(call.Shard, session.Floor);
        }

        var floors = SessionFloorsCodec.Decode(seen);
        var own = floors.Find(_shardIndex) is { } floor ? _shard?.Check(floor) ?? FloorVerdict.NotYet : ForgottenVerdict(call, floors);
        foreach (var via in _residence?.Via ?? [])
        {
            if (floors.Find(IndexOf(via.Shard)) is { } before && SessionFloor.Check(before, via.Epochs, via.Left.Position) == FloorVerdict.Lost)
            {
                return FloorVerdict.Lost;
            }
        }

        // It is read as it was when it left: not by who has seen it where it went.
        return own == FloorVerdict.Satisfied && _residence is { IsHere: false } left && IndexOf(left.Shard) is >= 0 and var next
            ? floors.Find(next) is { } after ? CheckThere(next, after) : ForgottenVerdict(call, floors)
            : own;
    }

    private FloorVerdict CheckThere(int shard, RecordVersion floor) => _silo.Shards.TryGet(shard, out var there) ? there.Check(floor) : FloorVerdict.NotYet;

    /// <summary>A session that had to forget may have seen this shard: the home, which has everything, may answer.</summary>
    private static FloorVerdict ForgottenVerdict(IGeoCall call, SessionFloors floors) =>
        floors.HasForgotten && (call.Flags & GeoCallFlags.HomeOnly) == 0 ? FloorVerdict.NotYet : FloorVerdict.Satisfied;

    /// <summary>
    /// Of an entity that is read as it was when it left: it is no older than where it went is known to have nothing of it. At home, where only the own
    /// region can have sent it, that alone counts.
    /// </summary>
    private long FreshnessOfLeft => WhoShowsNoArrival is not { } there ? -1
        : there is ReplicaShard && _shard is ReplicaShard here ? Math.Min(there.Freshness, here.Freshness)
        : there.Freshness;

    private Shard? WhoShowsNoArrival =>
        _residence is { IsHere: false } left && IndexOf(left.Shard) is >= 0 and var next && _silo.Shards.TryGet(next, out var there) ? (there is HomeShard ? _shard : there) : null;

    /// <summary>Where to ask: the shard that the entity went to; or this one, of which the caller has to say what it saw.</summary>
    private GeoReply<T> Moved<T>() => _residence is { IsHere: false } left && IndexOf(left.Shard) is >= 0 and var next
        ? At(new GeoReply<T> { Kind = ReplyKind.Moved, ServedBy = _silo.Self, Generation = left.Generation }, next)
        : Reply<T>(ReplyKind.Moved);

    private GeoReply<T> At<T>(GeoReply<T> reply, int shard)
    {
        var home = _silo.Topology.Value.HomeOf(shard);
        (reply.Shard, reply.Home, reply.Epoch) = (shard, (byte)_silo.Topology.Value.Regions.IndexOf(home.Region), home.Epoch);
        return reply;
    }

    /// <summary>That the entity left is said once a majority of regions has it, and is true for ever then.</summary>
    private async ValueTask<Response> RedirectAsync<T>(GeoCall<T> call, GeoReply<T> moved)
    {
        if (_shard is HomeShard home && Record.Residence is { } residence)
        {
            try
            {
                await home.WhenStableAsync(residence.Version.Position);
            }
            catch (ShardClosedException)
            {
                return Reply<T>(ReplyKind.NotNow);
            }
        }

        if ((call.Flags & GeoCallFlags.OneWay) != 0 && _silo.Relay.ChannelTo(_silo.Topology.Value.HomeOf(moved.Shard).Region) is { } channel)
        {
            return await _silo.Relay.AskAsync(channel, GrainId, call, new(moved.Shard, moved.Generation));
        }

        return moved;
    }

    /// <summary>A write came from a region: perhaps enough did for the entity to move there.</summary>
    private void NoteWriter(byte origin)
    {
        if (_writers?.Note(origin, _silo.Self, _silo.Follower.Now) is { } region)
        {
            _silo.Follower.Follow(GrainId, _policy, region, _residence);
        }
    }

    /// <summary>What was remembered elsewhere took effect before the entity came here.</summary>
    private RecordVersion SinceArrival(RecordVersion version) =>
        Record.Residence is { } residence && residence.Version > version ? residence.Version : version;
}
