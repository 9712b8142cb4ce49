using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Protocol.Sessions;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.Gates.Entities;

/// <summary>An entity as this silo sees it: the shard that it is in, its record there, and where that says that it is.</summary>
/// <remarks>
/// Nearly always an entity is in the shard of its key; what follows is for those that were moved. The record says where it is (<see cref="Protocol.Moves.Residence"/>), and the
/// view follows: where the other shard shows that the entity arrived, that is read and written from then on. Until then it can be read as it was
/// when it left, which nobody has changed, and not written. Used on the activation's scheduler only; one refresh at a time.
/// </remarks>
internal sealed class EntityView(GrainId grain, GeoGrainPolicy policy, GeoActivations silo, int shardOfKey, Action<string> giveUp)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private LiveRecord? _live;
    private Dictionary<(int Shard, long Generation), long>? _notElsewhere;

    /// <param name="grain">The entity.</param>
    /// <param name="policy">That of its type.</param>
    /// <param name="silo">What this silo's activations share.</param>
    /// <param name="giveUp">Ends the activation, for a reason.</param>
    public EntityView(GrainId grain, GeoGrainPolicy policy, GeoActivations silo, Action<string> giveUp)
        : this(grain, policy, silo, policy.Locate(silo.Topology.Value, grain.Key.AsSpan()), giveUp)
    {
    }

    public string Entity { get; } = grain.ToString();

    /// <summary>Of a multi-writer entity: what the other regions write.</summary>
    public PeerRows? Peers { get; } = policy.IsMultiWriter ? new(silo, policy, grain) : null;

    public int ShardIndex { get; private set; } = !policy.IsMultiWriter && silo.Places.TryFind(grain, out var moved)
        ? moved.Index
        : shardOfKey;

    public Shard? Shard { get; private set; }

    /// <summary>The shard, if this region is its home.</summary>
    public HomeShard? Home => Shard as HomeShard;

    public LiveRecord? Live => _live;

    /// <summary>The newest record that the view took.</summary>
    public EntityRecord Record { get; private set; } = EntityRecord.Empty;

    /// <summary>How often the view was bound to a shard.</summary>
    public int Binds { get; private set; }

    public Residence? Residence { get; private set; }

    public StateRecord? ResidenceState { get; private set; }

    /// <summary>Another silo has the shard, or the activation ends: nothing is to be had here any more.</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>Nothing was taken yet, or the shard closed: whoever was built on it is outdated.</summary>
    public bool MustBind => _live is not { IsClosed: false };

    /// <summary>Whether the record is the newest one that this region shows.</summary>
    public bool IsCurrent => _live is { IsClosed: false } live && ReferenceEquals(live.Current, Record) && Owns && Peers?.IsCurrent != false;

    /// <summary>Whether the entity is in the shard that its record was taken from.</summary>
    public bool Owns => Residence?.IsHere ?? ShardIndex == shardOfKey;

    /// <summary>Whether this region may change the entity.</summary>
    public bool IsHome => Shard is HomeShard && Owns && !MustBind;

    /// <summary>The record only points elsewhere: its states are of an earlier stay, which others came after.</summary>
    public bool IsPointer => Residence is { IsHere: false } left && IndexOf(left.From) != ShardIndex;

    /// <summary>How often the entity had been moved when it was, or is, in that shard. Of a pointer not known.</summary>
    public long Generation => IsPointer ? 0 : Known;

    /// <summary>Of how many moves the record knows where they led.</summary>
    public long Known => Residence?.Owned ?? 0;

    /// <summary>Of an entity that was moved: what whoever sees it has seen of the shards that it was in before.</summary>
    public IEnumerable<SessionFloor>? Via => Residence?.Via
        .Select(via => new SessionFloor(IndexOf(via.Shard), via.Left)).Where(static floor => floor.Shard >= 0);

    /// <summary>Of a multi-writer entity: the epoch of the own row's log, which tells the stores that this region ever had apart.</summary>
    public long Incarnation => Shard?.Home.Epoch ?? 1;

    public int IndexOf(Protocol.Sharding.ShardId shard) => silo.Topology.Value.Map.IndexOf(shard);

    /// <summary>The shard that the caller means: it may know of a move that the records here do not show.</summary>
    public int AddressedBy(IGeoCall call) => call.Generation > Known ? call.Shard : ShardIndex;

    /// <summary>Takes the newest record that this region shows, from the shard that the entity is in.</summary>
    /// <returns>False: not now.</returns>
    public async ValueTask<bool> RefreshAsync()
    {
        if (IsCurrent && !IsGivenUp)
        {
            return true;
        }

        await _refreshing.WaitAsync();
        try
        {
            return !IsGivenUp && await TakeAsync();
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <summary>A caller may know more than the records that are here: the shard that it addresses is looked at first.</summary>
    /// <returns>False: not now.</returns>
    public async ValueTask<bool> HeedAsync(IGeoCall call)
    {
        if (IsGivenUp)
        {
            return false;
        }

        if (call.Generation == 0 || (call.Flags & GeoCallFlags.HomeOnly) == 0 || (!MustBind && call.Generation <= Known))
        {
            return true;
        }

        await _refreshing.WaitAsync();
        try
        {
            // If it has not arrived there, this is not its home, yet: HomeWait.
            return silo.Shards.TryGet(call.Shard, out var shard)
                ? await TryBindAsync(call.Shard, shard, call.Generation) is not null
                : await LookElsewhereAsync(call.Shard, call.Generation);
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <summary>An entry of this activation changed the record.</summary>
    public void Staged(EntityRecord record) => Record = record;

    /// <summary>Another silo has the shard, or the activation's memory cannot be made true in place: the activation ends, and the next request makes one.</summary>
    public void GiveUp(string reason)
    {
        if (!IsGivenUp)
        {
            Stop();
            giveUp($"{Entity} is not active here any more: {reason}.");
        }
    }

    /// <summary>The activation ends.</summary>
    public void Stop()
    {
        // Requests that wait at the gate still come in: none of them may find what was here.
        IsGivenUp = true;
        Release();
        Peers?.Release();
    }

    private async ValueTask<bool> TakeAsync()
    {
        if (MustBind)
        {
            return await HoldAsync() && (Owns || await FollowAsync());
        }

        if (Peers is { IsCurrent: false } peers && !await peers.RefreshAsync())
        {
            return false;
        }

        if (_live!.Current is { } current && !ReferenceEquals(current, Record))
        {
            Take(current);
        }

        return Owns || await FollowAsync();
    }

    /// <summary>Takes the record from the shard that the entity is taken to be in.</summary>
    private async ValueTask<bool> HoldAsync()
    {
        if (!silo.Shards.TryGet(ShardIndex, out var shard))
        {
            GiveUp($"shard {silo.Topology.Value.Map[ShardIndex]} is not on this silo");
            return false;
        }

        if (await shard.TryHoldAsync(Entity) is not { } live)
        {
            return false;
        }

        if (Peers is not null && !await Peers.RefreshAsync())
        {
            shard.Release(live);
            return false;
        }

        Bind(ShardIndex, shard, live);
        return true;
    }

    private void Bind(int index, Shard shard, LiveRecord live)
    {
        Release();
        Binds++;
        (ShardIndex, Shard, _live) = (index, shard, live);
        Take(live.Current!);
    }

    private void Release()
    {
        if (_live is { } live)
        {
            Shard?.Release(live);
            _live = null;
        }
    }

    private void Take(EntityRecord record)
    {
        Record = record;
        if (ReferenceEquals(record.Residence, ResidenceState))
        {
            return;
        }

        ResidenceState = record.Residence;
        Residence = Residence.Of(record);
        if (Residence is { IsHere: true } here && Shard is HomeShard && ShardIndex != shardOfKey)
        {
            // Whoever moved it may have ended before the shard of its key was told.
            silo.Moves.Settle(grain, here);
        }
    }

    /// <summary>The record says that the entity is elsewhere: takes it from there if it is shown there.</summary>
    /// <returns>False: not now.</returns>
    private async ValueTask<bool> FollowAsync()
    {
        if (Residence is null)
        {
            // It was here, as far as somebody knew, and is not: what brought it may have been lost.
            ShardIndex = shardOfKey;
            if (!await HoldAsync())
            {
                return false;
            }
        }

        while (Residence is { IsHere: false } left && IndexOf(left.Shard) is >= 0 and var next)
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
        : silo.Shards.TryGet(index, out var shard) ? await TryBindAsync(index, shard, generation)
        : await LookElsewhereAsync(index, generation) ? false : null;

    private async ValueTask<bool?> TryBindAsync(int index, Shard shard, long generation)
    {
        if (await shard.TryHoldAsync(Entity) is not { } live)
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
        if (_notElsewhere is { } known && known.TryGetValue((index, generation), out var asked) && silo.Time.GetElapsedTime(asked) < AskAgain)
        {
            return true;
        }

        var isShown = await silo.ShowsAsync(index, Entity, generation);
        if (isShown == true)
        {
            silo.Places.Learn(grain, new(index, generation));
            GiveUp($"it was moved to shard {silo.Topology.Value.Map[index]}, which another silo has");
        }
        else if (isShown == false)
        {
            (_notElsewhere ??= [])[(index, generation)] = silo.Time.GetTimestamp();
        }

        return isShown == false;
    }
}
