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
    private int _binds;
    private Residence? _residence;
    private StateRecord? _residenceState;
    private Dictionary<(int Shard, long Generation), long>? _notElsewhere;
    private bool _isGivenUp;

    /// <summary>What names the entity's state in its answers (<see cref="GeoCallResult.Tag"/>).</summary>
    public string TagOf(RecordVersion version) => new GeoCallResult { Version = version, Moves = Generation }.Tag;

    /// <summary>Whether the entity is in the shard that its record was taken from.</summary>
    private bool Owns => _residence?.IsHere ?? _shardIndex == _shardOfKey;

    /// <summary>The record only points elsewhere: its states are of an earlier stay, which others came after.</summary>
    private bool IsPointer => _residence is { IsHere: false } left && IndexOf(left.From) != _shardIndex;

    /// <summary>How often the entity had been moved when it was, or is, in that shard. Of a pointer not known.</summary>
    private long Generation => IsPointer ? 0 : Known;

    /// <summary>Of how many moves the record knows where they led.</summary>
    private long Known => _residence?.Owned ?? 0;

    /// <summary>Of an entity that was moved: what whoever sees it has seen of the shards that it was in before.</summary>
    private IEnumerable<SessionFloor>? Via => _residence?.Via
        .Select(via => new SessionFloor(IndexOf(via.Shard), via.Left)).Where(static floor => floor.Shard >= 0);

    private int IndexOf(Protocol.Sharding.ShardId shard) => _silo.Topology.Value.Map.IndexOf(shard);

    private void Bind(int index, Shard shard, LiveRecord live)
    {
        Release();
        _binds++;
        (_shardIndex, _shard, _live) = (index, shard, live);
        Load(live.Current!);
    }

    private void Release()
    {
        if (_live is { } live)
        {
            _shard?.Release(live);
            _live = null;
        }
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
        if (_isGivenUp)
        {
            return false;
        }

        if (call.Generation == 0 || (call.Flags & GeoCallFlags.HomeOnly) == 0 || (_live is { IsClosed: false } && call.Generation <= Known))
        {
            return true;
        }

        // If it has not arrived there, this is not its home, yet: BecomesHomeAsync.
        return _silo.Shards.TryGet(call.Shard, out var shard)
            ? await TryBindAsync(call.Shard, shard, call.Generation) is not null
            : await LookElsewhereAsync(call.Shard, call.Generation);
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
            var isThere = await TryFollowAsync(next, left.Generation);
            if (isThere == false && IsPointer)
            {
                // What it was when it left is where it left.
                isThere = await TryFollowAsync(IndexOf(left.From), left.Generation - 1);
            }

            if (isThere != true)
            {
                return isThere == false;
            }
        }

        return true;
    }

    /// <summary>Whether the entity, in a generation or a later one, is taken from a shard now; null: it cannot be told now.</summary>
    private async ValueTask<bool?> TryFollowAsync(int index, long generation) =>
        index < 0 ? false
        : _silo.Shards.TryGet(index, out var shard) ? await TryBindAsync(index, shard, generation)
        : await LookElsewhereAsync(index, generation) ? false : null;

    private async ValueTask<bool?> TryBindAsync(int index, Shard shard, long generation)
    {
        if (await shard.TryHoldAsync(_entity) is not { } live)
        {
            return null;
        }

        var isShown = false;
        try
        {
            isShown = Residence.Of(live.Current!) is { } residence && residence.Generation >= generation;
        }
        finally
        {
            if (!isShown)
            {
                shard.Release(live);
            }
        }

        if (isShown)
        {
            _notElsewhere = null;
            Bind(index, shard, live);
        }

        return isShown;
    }

    /// <summary>The shard is on another silo of the region: if it shows the entity, this activation makes way for one there.</summary>
    /// <returns>Whether it is known not to be shown there, and what is here counts.</returns>
    private async ValueTask<bool> LookElsewhereAsync(int index, long generation)
    {
        if (_notElsewhere is { } known && known.TryGetValue((index, generation), out var asked) && _silo.Time.GetElapsedTime(asked) < AskAgain)
        {
            return true;
        }

        var isShown = await _silo.ShowsAsync(index, _entity, generation);
        if (isShown == true)
        {
            _silo.Places.Learn(GrainId, new(index, generation));
            GiveUp($"it was moved to shard {_silo.Topology.Value.Map[index]}, which another silo has");
        }
        else if (isShown == false)
        {
            (_notElsewhere ??= [])[(index, generation)] = _silo.Time.GetTimestamp();
        }

        return isShown == false;
    }

    /// <summary>The shard that the caller means: it may know of a move that the records here do not show.</summary>
    private int AddressedBy(IGeoCall call) => call.Generation > Known ? call.Shard : _shardIndex;

    /// <summary>Where to ask: the shard that the entity went to. To be told only once the leave is on a majority (<see cref="RedirectAsync{T}"/>).</summary>
    private GeoReply<T> Moved<T>() => _residence is { IsHere: false } left && IndexOf(left.Shard) is >= 0 and var next
        ? At(new GeoReply<T> { Kind = ReplyKind.Moved, ServedBy = _silo.Self, Generation = left.Generation }, next)
        : Reply<T>(ReplyKind.NotNow);

    private GeoReply<T> At<T>(GeoReply<T> reply, int shard)
    {
        var home = _silo.Topology.Value.HomeOf(shard);
        (reply.Shard, reply.Home, reply.Epoch) = (shard, (byte)_silo.Topology.Value.Regions.IndexOf(home.Region), home.Epoch);
        return reply;
    }

    /// <summary>What is said of where the entity is, and what that depends on. With the gate to oneself.</summary>
    private Outcome<T> Redirect<T>(GeoReply<T> moved) => new(moved, Record.Residence is null ? null : _shard as HomeShard, Record.Residence?.Version.Position ?? default);

    /// <summary>That the entity left is said once a majority of regions has it, and is true for ever then.</summary>
    private async ValueTask<Response> RedirectAsync<T>(GeoCall<T> call, Outcome<T> outcome)
    {
        var moved = outcome.Reply;
        if (outcome.Home is { } home)
        {
            try
            {
                await home.WhenStableAsync(outcome.Position);
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
}
