using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Seats;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Shards;

/// <summary>Does what a seat wants: in the own store, in other regions, with the logs that are open here. Decides nothing.</summary>
/// <param name="id">The shard.</param>
/// <param name="index">Its index in the world's map.</param>
/// <param name="silo">What the shards of this silo share.</param>
/// <param name="runner">What the seat sees, and is told.</param>
/// <param name="stopping">Ends every wait.</param>
internal sealed class SeatEffects(ShardId id, int index, ShardSeats silo, SeatRunner runner, CancellationToken stopping)
{
    /// <summary>A page of another region's log. Another source may have it, too.</summary>
    private static readonly TimeSpan PageTimeout = TimeSpan.FromSeconds(4);

    private const string TakenReason = "another silo of the region begins it, or may";

    private readonly List<Replicator> _replicators = [];
    private volatile bool _isTaken;
    private long? _claim;
    private volatile ReplicaShard? _replica;
    private volatile HomeShard? _home;
    private CancellationTokenSource? _asking;

    public HomeShard? Home => _home;

    public ReplicaShard? Replica => _replica;

    private bool IsRow => silo.Topology.Value.Map.IsRow(index);

    /// <summary>Does what has an outcome.</summary>
    public async Task<object?> DoAsync(SeatEffect effect)
    {
        switch (effect)
        {
            case SeatEffect.ReadHead:
                return await silo.Store.ReadHeadAsync(id, stopping);
            case SeatEffect.Promise promise:
                return await silo.Store.PromiseAsync(id, promise.Token, stopping);
            case SeatEffect.Cut cut:
                return await silo.Store.CutAsync(id, cut.Token, cut.KeepThrough, cut.ForeignEpoch, stopping);
            case SeatEffect.Append append:
                var result = await silo.Store.AppendAsync(id, new(append.Token, append.Previous, append.PreviousEpoch, append.Rows), stopping);
                return new SeatAppended(result.Verdict, result.Head);
            case SeatEffect.Suspect suspect:
                await silo.Store.SuspectAsync(new(id, suspect.Region, suspect.Epoch, suspect.From), stopping);
                return null;
            case SeatEffect.ReadLog read:
                var page = await ControlOf(read.Source).ReadLog(id.Name, read.From.Value).AsTask().WaitAsync(PageTimeout, silo.Time, stopping);
                return new SeatPage([.. page.Rows.Select(static row => row.ToRow())], page.Head.ToHead());
            case SeatEffect.TakeRecords take:
                return await new RowCopy(silo.Store, silo.Links).TakeAsync(id, take.Token, take.Source, stopping);
            case SeatEffect.OpenReplica open:
                return await OpenReplicaAsync(open);
            case SeatEffect.OpenHome open:
                return await OpenHomeAsync(open);
            case SeatEffect.CloseHome close:
                await CloseHomeAsync(close.Reason);
                return null;
            case SeatEffect.PrepareToLeave prepare:
                await PrepareToLeaveAsync(prepare.RegionLeaves, stopping);
                return null;
            case SeatEffect.BeginHandOver:
                _home?.BeginHandOver();
                return null;
            case SeatEffect.SendToken send:
                return await Peer(send.Way).TakeOver(HandOverTokenWire.From(send.Token, silo.Topology.Decided.Version)).AsTask().WaitAsync(runner.Config.TokenTimeout, silo.Time, stopping);
            case SeatEffect.Change change:
                return await silo.Control.ChangeAsync(TopologyChangeWire.From(change.What), stopping);
            default:
                Tell(effect);
                return null;
        }
    }

    /// <summary>Does what has no outcome.</summary>
    public void Tell(SeatEffect effect)
    {
        switch (effect)
        {
            case SeatEffect.AskPromises ask:
                _asking = CancellationTokenSource.CreateLinkedTokenSource(stopping);
                silo.Fencer.Ask(id, ask.Token, runner.Promised, _asking.Token);
                break;
            case SeatEffect.StopAsking:
                _asking?.Cancel();
                _asking = null;
                break;
            case SeatEffect.ShowHome when _home is { } home:
                CloseReplica("this region is its home now");
                silo.Locals.Add(index, home);
                break;
            case SeatEffect.EndHome end:
                _home?.Close(end.Reason);
                break;
            case SeatEffect.EndHandOver:
                _home?.EndHandOver();
                break;
            case SeatEffect.BeginGivingAway:
                _home?.BeginGivingAway(silo.Clock);
                break;
            case SeatEffect.Announce announce when silo.Links.TryGetChannel(announce.Home, out var channel):
                channel.Grains.GetGrain<IShardGrain>(id.Name).Follow(silo.Self.Name).AsTask().Ignore();
                break;
            case SeatEffect.CatchUp:
                silo.Control.CatchUp(silo.Topology.Decided.Version + 1);
                break;
            case SeatEffect.Hear hear:
                silo.Topology.Hear(index, hear.Home);
                break;
        }
    }

    /// <summary>The home may not know where this region's replica stands.</summary>
    public void Restart(string region)
    {
        foreach (var replicator in _replicators.ToArray())
        {
            if (replicator.Peer.Name == region)
            {
                replicator.Restart();
            }
        }
    }

    public async Task CloseAsync(string reason)
    {
        await CloseHomeAsync(reason);
        CloseReplica(reason);
        silo.Control.Taken -= Taken;
        if (_claim is { } claim)
        {
            await silo.Control.ReleaseAsync(id, claim);
        }
    }

    /// <summary>The home is another silo's now. One that is being opened has no place yet where it could be closed: it closes when it has.</summary>
    private void Taken(string[]? shards)
    {
        if (shards?.Contains(id.Name) ?? IsRow)
        {
            _isTaken = true;
            Interlocked.MemoryBarrier();
            _home?.Close(TakenReason);
        }
    }

    public Task PrepareToLeaveAsync(bool regionLeaves, CancellationToken cancellationToken) =>
        _home?.LeavesAsync(regionLeaves ? silo.Failover.DrainGrace : silo.Failover.HandOverGrace, cancellationToken) ?? Task.CompletedTask;

    private async Task<ISeatReplica> OpenReplicaAsync(SeatEffect.OpenReplica open)
    {
        var before = _replica;
        CloseReplica("it is opened again");
        if (before is not null)
        {
            // What it has under way in the store is done before that is read.
            await before.WhenIdleAsync(stopping);
        }

        var home = silo.Topology.Value.HomeOf(index);
        var replica = await ReplicaShard.OpenAsync(id, home, silo.Store, IsRow, () => silo.Authority.MayShow, open.Committed, open.FreshAt, silo.Limits, silo.Clock, silo.Time, stopping);
        runner.Unreadable.Refused(replica.Unreadable);
        _replica = replica;
        silo.Locals.Add(index, replica);
        return replica;
    }

    private async Task<object?> OpenHomeAsync(SeatEffect.OpenHome open)
    {
        if (silo.Store.IsShared)
        {
            // Another silo of this region may have it, and not know yet that the cluster has begun it here.
            silo.Control.Taken -= Taken;
            silo.Control.Taken += Taken;
            _isTaken = false;
            _claim = await silo.Control.ClaimAsync(id, IsRow ? null : open.Generation, stopping);
        }

        try
        {
            return await OpenLogAsync(open);
        }
        catch (FormatException exception)
        {
            return new SeatUnreadable(exception.Message);
        }
    }

    private async Task<HomeShard?> OpenLogAsync(SeatEffect.OpenHome open)
    {
        var (map, peers) = (silo.Topology.Value.Map, silo.Links.All);
        var home = await HomeShard.OpenAsync(
            id,
            open.Assignment,
            map.FamilyOf(index),
            map.Regions,
            [.. peers.Select(static link => link.Peer)],
            silo.Store,
            open.IsHanded,
            () => Seat.MayAct(runner, IsRow, open.Generation),
            silo.Limits,
            silo.Time,
            silo.Logger,
            stopping);
        if (home is null)
        {
            return null;
        }

        _home = home;
        Interlocked.MemoryBarrier();
        if (_isTaken)
        {
            home.Close(TakenReason);
        }

        home.Closing.Register(runner.Wake);
        home.Progressed += runner.LogMoved;
        for (var i = 0; i < peers.Length; i++)
        {
            _replicators.Add(new(home, i, peers[i], silo.Time, silo.Logger));
        }

        return home;
    }

    private async Task CloseHomeAsync(string reason)
    {
        if (_home is { } home)
        {
            _home = null;
            silo.Locals.Remove(index, home);
            await home.CloseAsync(reason);
            home.Progressed -= runner.LogMoved;
            await Task.WhenAll(_replicators.Select(static replicator => replicator.Completion));
            _replicators.Clear();
        }
    }

    private void CloseReplica(string reason)
    {
        if (_replica is { } replica)
        {
            _replica = null;
            silo.Locals.Remove(index, replica);
            replica.Close(reason);
        }
    }

    private IShardGrain Peer(RegionId region) => Channel(region).Grains.GetGrain<IShardGrain>(id.Name);

    private IControlGrain ControlOf(RegionId region) => Channel(region).Grains.GetGrain<IControlGrain>(0);

    private RegionChannel Channel(RegionId region) => silo.Links.TryGetChannel(region, out var channel)
        ? channel
        : throw new OrleansException($"The link to {region}, which shard {id} needs, is down; it is tried again.");
}
