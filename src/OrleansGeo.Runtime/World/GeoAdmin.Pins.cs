using System.Collections.Immutable;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.Shards.Moves;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.World;

/// <summary>Moving single entities.</summary>
internal sealed partial class GeoAdmin
{
    /// <summary>The most pins of a page.</summary>
    private const int LargestPage = 1000;

    public async Task<EntityLocation> PinAsync(GrainId entity, RegionId region, CancellationToken cancellationToken = default)
    {
        RequireKnown(region);
        var policy = RequireMovable(entity);
        var shard = pins.ShardIn(region, policy, entity);
        if (pins.ObstacleTo(region, shard) is { } obstacle)
        {
            throw obstacle.ToException();
        }

        return await MoveAsync(entity, shard, cancellationToken);
    }

    public async Task<EntityLocation> UnpinAsync(GrainId entity, CancellationToken cancellationToken = default) =>
        await MoveAsync(entity, RequireMovable(entity).Locate(topology.Value, entity.Key.AsSpan()), cancellationToken);

    public async Task<EntityLocation> LocateAsync(GrainId entity, CancellationToken cancellationToken = default)
    {
        var key = RequireGeo(entity).Locate(topology.Value, entity.Key.AsSpan());
        return topology.Value.Map.IsRow(key) ? new(topology.Value.Map[key], topology.Value.HomeOf(key), false)
            : await moves.LocateAsync(entity, cancellationToken) is { } found ? Describe(found, key)
            : throw new GeoException(new(GeoErrorCode.HomeUnavailable, $"Where {entity} is cannot be told now: its shard is changing its role here. Nothing happened; try again.", TimeSpan.FromSeconds(1)));
    }

    public async Task<EntityPins> GetPinsAsync(GrainId? after = null, int count = 100, CancellationToken cancellationToken = default)
    {
        if (count is < 1 or > LargestPage)
        {
            throw new GeoException(new(GeoErrorCode.InvalidArgument, $"A page of {count} pins was asked for; it can have 1 to {LargestPage}. Nothing happened."));
        }

        var map = topology.Value.Map;
        var stored = (await grains.GetGrain<IControlGrain>(0).Shards().AsTask().WaitAsync(Deadline, time, cancellationToken)).ToHashSet();
        var listed = ImmutableArray.CreateBuilder<EntityPin>();
        for (var shard = after is { } last ? RequireMovable(last).Locate(topology.Value, last.Key.AsSpan()) : 0; shard < map.Count; shard++)
        {
            if (!stored.Contains(map[shard].Name))
            {
                // Nobody wrote it yet: it need not be woken for this.
                after = null;
                continue;
            }

            // One more than is wanted, to know whether there is a next page.
            var page = await grains.GetGrain<IShardGrain>(map[shard].Name).Pins(listed.Count == 0 ? after?.ToString() : null, count + 1 - listed.Count).AsTask().WaitAsync(Deadline, time, cancellationToken);
            listed.AddRange(page.Select(Describe).OfType<EntityPin>());
            after = null;
            if (listed.Count > count)
            {
                listed.RemoveAt(count);
                return new(listed.ToImmutable(), listed[^1].Entity);
            }
        }

        return new(listed.ToImmutable(), null);
    }

    private async Task<EntityLocation> MoveAsync(GrainId entity, int shard, CancellationToken cancellationToken)
    {
        using var bound = new CancellationTokenSource(Deadline, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellationToken);
        try
        {
            await moves.MoveAsync(entity, topology.Value.Map[shard], isFollowing: false, both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new GeoException(new(
                GeoErrorCode.DeadlineExceeded,
                $"{entity} could not be moved to shard {topology.Value.Map[shard]} within {Deadline.TotalSeconds:0} s: a home on the way is unreachable, or is being promoted. The move may have begun; then the next request to the entity finishes it. Repeat this request."));
        }

        return new(topology.Value.Map[shard], topology.Value.HomeOf(shard), shard != moves.ShardOfKey(entity));
    }

    private EntityLocation Describe(EntityShard found, int shardOfKey) => new(topology.Value.Map[found.Index], topology.Value.HomeOf(found.Index), found.Index != shardOfKey);

    /// <summary>Null for a shard that this world does not know any more.</summary>
    private EntityPin? Describe(PinWire pin)
    {
        var map = topology.Value.Map;
        var shard = map.IndexOf(new ShardId(pin.Shard));
        return shard < 0 ? null : new(GrainId.Parse(pin.Entity), map.AffinityOf(shard) ?? map.PreferredHome(shard), map[shard], topology.Value.HomeOf(shard), pin.Generation, pin.IsFollowing);
    }

    private GeoGrainPolicy RequireGeo(GrainId entity) => policies.TryGet(entity.Type, out var policy)
        ? policy
        : throw new GeoException(new(GeoErrorCode.InvalidArgument, $"'{entity.Type}' is not the grain type of a geo grain of this world. Nothing happened."));

    private GeoGrainPolicy RequireMovable(GrainId entity) => RequireGeo(entity) is { IsMultiWriter: false } policy
        ? policy
        : throw new GeoException(new(GeoErrorCode.InvalidArgument, $"{entity} is a multi-writer entity, at home in every region: there is nothing to move. Nothing happened."));
}
