using System.Diagnostics;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Errors;
using OrleansGeo.Runtime.Logs;
using OrleansGeo.Runtime.Shards.Moves;
using OrleansGeo.Runtime.Topology;
using OrleansGeo.Runtime.Tracing;

namespace OrleansGeo.Runtime.Shards;

/// <summary>Gives a shard one place in the region's cluster, and peers a way to it. The work is in <see cref="ShardSeat"/>.</summary>
[GrainType("orleansgeo.shard")]
[ShardGrainPlacement]
[KeepAlive]
internal sealed class ShardGrain(CurrentTopology topology, ShardSeats seats, EntityPlaces places, ILocalSiloDetails silo) : Grain, IShardGrain
{
    private ShardSeat? _seat;

    private string Name => this.GetPrimaryKeyString();

    private ShardSeat Seat => _seat ?? throw new ShardClosedException(new(Name), "its activation ends");

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var id = new ShardId(Name);
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

    public async ValueTask<SiloAddress> Place(GrainId entity)
    {
        if (places.Moved.TryFind(entity, out var moved) && topology.Value.Map[moved.Index].Name is var name && name != Name)
        {
            if (await GrainFactory.GetGrain<IShardGrain>(name).Expect(entity, moved.Generation) is { } there)
            {
                return there;
            }

            places.Moved.Forget(entity, moved);
        }

        return silo.SiloAddress;
    }

    public async ValueTask<SiloAddress?> Expect(GrainId entity, long generation)
    {
        if (await Seat.ShowsAsync(entity.ToString(), generation) != true)
        {
            return null;
        }

        // It may have gone on from here, in a later generation.
        places.Moved.Learn(entity, new(topology.Value.Map.IndexOf(new ShardId(Name)), generation));
        return await Place(entity);
    }

    public async ValueTask<bool?> Shows(string entity, long generation) => await Seat.ShowsAsync(entity, generation);

    public async ValueTask<WhereWire> Where(string entity, bool isHomeOnly) => await Seat.WhereAsync(entity, isHomeOnly);

    public async ValueTask<LuggageWire> Leave(MoveWire move, long after) => await Seat.LeaveAsync(move, new(after));

    public async ValueTask<MoveVerdict> TakeIn(MoveWire move) => await Seat.TakeInAsync(move);

    public async ValueTask<MoveVerdict> Point(MoveWire move) => await Seat.PointAsync(move);

    public async ValueTask<PinWire[]> Pins(string? after, int count) => await Seat.ReadPinsAsync(after, count);

    public async ValueTask<AppendReplyWire> Append(AppendMessageWire message)
    {
        using var span = GeoTracing.Continue("orleansgeo.apply", ActivityKind.Consumer, message.Trace);
        span?.SetTag("orleansgeo.shard", Name).SetTag("orleansgeo.region", seats.Self.Name);
        return AppendReplyWire.From(await Seat.AppendAsync(message.ToMessage()));
    }

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
