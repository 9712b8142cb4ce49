using OrleansGeo.Runtime.Failover;

namespace OrleansGeo.Runtime.Shards;

/// <summary>Since when a shard that is still open at its old home may be written elsewhere: what it shows ages from there.</summary>
/// <remarks>Invariant 10. Nobody but this region can have acknowledged before that moment, and nothing that it acknowledged is missing here.</remarks>
/// <param name="clock">Measures staleness.</param>
/// <param name="at">The moment, before the store was asked to promise; null: this region held no lease then, so nothing is known.</param>
internal sealed class GivenAway(LeaseClock clock, TimeSpan? at)
{
    public long Mark { get; } = at?.Ticks ?? -1;

    /// <param name="freshness">A mark of this home, from before or after; or one of the replica that the shard was here before.</param>
    public int StalenessOf(long freshness)
    {
        var since = freshness == 0 ? Mark : Math.Min(freshness, Mark);
        return since < 0 ? -1 : ReplicaShard.Milliseconds(clock.Now - new TimeSpan(since));
    }
}
