using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.Moves;

/// <summary>Moves entities that are at home on this silo to the regions that write them, so many a minute.</summary>
internal sealed partial class WriterFollower(
    EntityMoves moves, PinRules rules, CurrentTopology topology, LeaseClock clock, TimeProvider time, IOptions<FollowOptions> options, ILogger<WriterFollower> logger)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private TimeSpan _minute;
    private int _left;

    /// <summary>What counts the writes of one entity.</summary>
    public WriterTally NewTally() => new(options.Value.ToConfig(), topology.Value.Regions.Count);

    public TimeSpan Now => clock.Now;

    /// <summary>Moves the entity, without waiting, unless an operator pinned it, or the region cannot take it, or enough were moved in this minute.</summary>
    public void Follow(GrainId entity, GeoGrainPolicy policy, int region, Residence? residence)
    {
        var shardOfKey = policy.Locate(topology.Value, entity.Key.AsSpan());
        var target = topology.Value.Regions[region];
        var isPinned = residence is { IsFollowing: false } && residence.Shard != topology.Value.Map[shardOfKey];
        var shard = topology.Value.HomeOf(shardOfKey).Region == target ? shardOfKey : rules.ShardIn(target, policy, entity);
        if (!isPinned && rules.ObstacleTo(target, shard) is null && TryTake())
        {
            _ = Task.Run(() => FollowAsync(entity, topology.Value.Map[shard], target));
        }
    }

    private bool TryTake()
    {
        lock (_lock)
        {
            if (_minute == default || clock.Now - _minute >= Minute)
            {
                (_minute, _left) = (clock.Now, options.Value.MovesPerMinute);
            }

            return _left-- > 0;
        }
    }

    private async Task FollowAsync(GrainId entity, ShardId shard, RegionId region)
    {
        using var bound = new CancellationTokenSource(Bound, time);
        try
        {
            await moves.MoveAsync(entity, shard, isFollowing: true, bound.Token);
            LogFollowed(logger, entity, region);
        }
        catch (Exception exception)
        {
            // If it began, the next request finishes it; if it did not, the next writes ask for it again.
            LogNotFollowed(logger, entity, region, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Entity} moved to {Region}, from where most of its writes come")]
    private static partial void LogFollowed(ILogger logger, GrainId entity, RegionId region);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Entity} could not be moved to {Region}, from where most of its writes come: {Problem}")]
    private static partial void LogNotFollowed(ILogger logger, GrainId entity, RegionId region, string problem);
}
