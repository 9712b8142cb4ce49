using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Replication;
using OrleansGeo.Runtime.World;

namespace OrleansGeo.Runtime.Shards;

/// <summary>Gives a shard one place in the region's cluster, and peers a way to it. The work is in <see cref="ShardSeat"/>.</summary>
[GrainType("orleansgeo.shard")]
[ShardGrainPlacement]
[KeepAlive]
internal sealed class ShardGrain(CurrentTopology topology, ShardSeats seats, ILocalSiloDetails silo) : Grain, IShardGrain
{
    private ShardSeat? _seat;

    private ShardSeat Seat => _seat ?? throw new ShardClosedException(new(this.GetPrimaryKeyString()), "its activation ends");

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var id = new ShardId(this.GetPrimaryKeyString());
        var index = topology.Value.Map.IndexOf(id);
        if (index < 0)
        {
            throw new InvalidOperationException($"This world has no shard '{id}': its regions or shard counts differ from the sender's.");
        }

        var seat = new ShardSeat(id, index, seats, DeactivateOnIdle);
        try
        {
            await seat.StartAsync(cancellationToken);
        }
        catch
        {
            await seat.StopAsync("it could not be opened");
            throw;
        }

        // Orleans does not wait for an activation that it gave up: such a one must not serve.
        if (cancellationToken.IsCancellationRequested)
        {
            await seat.StopAsync("its activation was given up");
            throw new OperationCanceledException(cancellationToken);
        }

        _seat = seat;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_seat is { } seat)
        {
            _seat = null;
            await seat.StopAsync(reason.Description);
        }
    }

    public ValueTask<SiloAddress> Locate() => new(silo.SiloAddress);

    public async ValueTask<AppendReplyWire> Append(AppendMessageWire message) => AppendReplyWire.From(await Seat.AppendAsync(message.ToMessage()));

    public async ValueTask<bool> Copy(CopyMessageWire message) => await Seat.CopyAsync(message.ToMessage());

    public ValueTask Follow(string region)
    {
        Seat.Follow(region);
        return default;
    }

    public async ValueTask<Failover.ReplayOutcome> Replay(ReplayWire lost) => await Seat.ReplayAsync(lost);

    public ValueTask<bool[]> Knows(string[] entities, string[] requests) => new(Seat.Knows(entities, requests));

    public ValueTask<bool> HasSettled(string region) => new(Seat.HasSettled(new RegionId(region)));

    public async ValueTask<bool> TakeOver(HandOverTokenWire token) => await Seat.TakeOverAsync(token.ToToken(), token.TopologyVersion);
}
