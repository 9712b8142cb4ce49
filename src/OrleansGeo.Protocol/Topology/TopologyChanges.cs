using System.Collections.Immutable;

namespace OrleansGeo.Protocol.Topology;

/// <summary>
/// Every change that the topology's register may decide. Each is a function of the present value, answers null when it does not apply, and
/// can be repeated: a change whose outcome is unknown is simply asked for again.
/// </summary>
/// <remarks>
/// An epoch of a shard is allotted here, once, to one region, before any store is fenced with it (<see cref="ShardState.FreeEpoch"/>).
/// Homes of a region with a live lease move only with its consent: what others may change rests on a lease generation that they revoked,
/// and applies only if the region has not recorded a newer one since.
/// </remarks>
internal static class TopologyChanges
{
    /// <summary>A region records the lease that it acquired; only then may it act. One that was failed over does not come back with its homes by restarting.</summary>
    /// <param name="topology">The present value.</param>
    /// <param name="region">The region.</param>
    /// <param name="generation">Of its lease.</param>
    /// <param name="secret">Random bytes of this region's, to be the world's secret if that has none yet.</param>
    /// <param name="isProven">Whether its store is known to hold all that it held. If not, what it began under an epoch may be forgotten: it gets new ones.</param>
    public static WorldTopology? Record(WorldTopology topology, RegionId region, long generation, ReadOnlyMemory<byte> secret = default, bool isProven = true)
    {
        var state = topology.StateOf(region);
        if (state.Generation >= generation || (state.IsEvicted && topology.Involves(region)))
        {
            return null;
        }

        var recorded = topology.With(region, state with { Generation = generation });
        if (!isProven)
        {
            recorded = Renew(recorded, region);
        }

        return recorded.Secret.IsEmpty && !secret.IsEmpty ? recorded.WithSecret(secret) : recorded;
    }

    /// <summary>The homes of a region whose lease was revoked go to others.</summary>
    /// <param name="topology">The present value.</param>
    /// <param name="lost">The region.</param>
    /// <param name="revoked">The generation that was revoked.</param>
    /// <param name="isEligible">Who can be home now: a live lease that the topology knows.</param>
    /// <param name="endedOf">The highest generation of a region that has surely ended.</param>
    public static WorldTopology? TakeOver(
        WorldTopology topology, RegionId lost, long revoked, Func<RegionId, bool> isEligible, Func<RegionId, long> endedOf)
    {
        if (topology.StateOf(lost).Generation > revoked)
        {
            return null;
        }

        var targets = new HashSet<RegionId>();
        ImmutableArray<ShardState>.Builder? shards = null;
        for (var index = 0; index < topology.Map.Count; index++)
        {
            var shard = topology[index];

            // Whoever the lost region was handing it over to may have the token already: if it lives, it goes on (Claim) or has begun.
            if (shard.Home.Region != lost || (shard.Reserved is { } reserved && reserved != lost && endedOf(reserved) < topology.StateOf(reserved).Generation))
            {
                continue;
            }

            if (topology.Map.Prefer(index, isEligible) is { } target && target != lost)
            {
                shards ??= topology.Shards.ToBuilder();

                // A region that it was being handed over to, and that is gone too, may have had the token, and have served.
                var left = shard.Leave(topology.Regions.IndexOf(lost));
                shards[index] = (shard.Reserved is { } gone ? left.Leave(topology.Regions.IndexOf(gone)) : left).Allot(target);
                targets.Add(target);
            }
        }

        if (shards is null)
        {
            return null;
        }

        var state = topology.StateOf(lost);
        var taken = topology.With(shards.ToImmutable()).With(lost, state.Mode == RegionMode.Restoring ? state with { Mode = RegionMode.Normal } : state);
        return targets.Aggregate(taken, Forgive);
    }

    /// <summary>A home announces whom it hands shards over to. It serves them until it sends the token.</summary>
    public static WorldTopology? Reserve(WorldTopology topology, RegionId home, IReadOnlyDictionary<int, RegionId> targets)
    {
        ImmutableArray<ShardState>.Builder? shards = null;
        foreach (var (index, target) in targets)
        {
            if (topology[index] is { Reserved: null } shard && shard.Home.Region == home && target != home && !topology.StateOf(target).IsAway)
            {
                shards ??= topology.Shards.ToBuilder();
                shards[index] = shard with { Reserved = target, Allotted = shard.FreeEpoch };
            }
        }

        return shards is null ? null : topology.With(shards.ToImmutable());
    }

    /// <summary>A home takes back a reservation whose token it has not sent, and never will. That epoch is nobody's for ever.</summary>
    public static WorldTopology? Withdraw(WorldTopology topology, int index, HomeAssignment home, FencingToken reserved)
    {
        var shard = topology[index];
        return shard.Home == home && shard.ReservedToken == reserved ? topology.WithShard(index, shard with { Reserved = null }) : null;
    }

    /// <summary>
    /// The region that a shard is reserved for gives the reservation back, after its own store promised never to begin that epoch. The home may have forgotten that it
    /// sent the token, so it goes on under an epoch that nobody was allotted. So it does if it withdrew the reservation meanwhile: that store fences its present epoch.
    /// </summary>
    public static WorldTopology? Refuse(WorldTopology topology, int index, HomeAssignment home, FencingToken reserved)
    {
        var shard = topology[index];
        var isWithdrawn = shard.Reserved is null && home.Epoch < reserved.Epoch && reserved.Epoch <= shard.Allotted;
        return shard.Home == home && (shard.ReservedToken == reserved || isWithdrawn) ? topology.WithShard(index, shard.Allot(home.Region)) : null;
    }

    /// <summary>A region that was handed shards says so.</summary>
    public static WorldTopology? HandedOver(WorldTopology topology, RegionId to, IReadOnlyDictionary<int, long> epochs)
    {
        ImmutableArray<ShardState>.Builder? shards = null;
        foreach (var (index, epoch) in epochs)
        {
            if (topology[index] is var shard && shard.ReservedToken == new FencingToken(to, epoch))
            {
                shards ??= topology.Shards.ToBuilder();
                shards[index] = shard with { Home = new(to, epoch), Reserved = null };
            }
        }

        return shards is null ? null : topology.With(shards.ToImmutable());
    }

    /// <summary>
    /// One of the two regions of a hand-over takes the shard under a new epoch, because the other's lease was revoked and the token was lost:
    /// the home, or the region that it reserved the shard for and that never got the token.
    /// </summary>
    /// <param name="topology">The present value.</param>
    /// <param name="index">The shard.</param>
    /// <param name="home">The home as the claimant knows it.</param>
    /// <param name="claimant">The one that lives.</param>
    /// <param name="revoked">The generation of the other one that was revoked.</param>
    public static WorldTopology? Claim(WorldTopology topology, int index, HomeAssignment home, RegionId claimant, long revoked)
    {
        var shard = topology[index];
        if (shard.Home != home || shard.Reserved is not { } reserved || (claimant != home.Region && claimant != reserved))
        {
            return null;
        }

        var other = claimant == home.Region ? reserved : home.Region;
        return topology.StateOf(other).Generation > revoked
            ? null
            : Forgive(topology.WithShard(index, shard.Leave(topology.Regions.IndexOf(other)).Allot(claimant)), claimant);
    }

    /// <summary>
    /// Whoever was allotted a shard gives it a new epoch: to itself, because its store went back in time, or to the region that has what it lacks.
    /// A region that it is reserved for may do so too, once it has the token and before it has begun its epoch.
    /// </summary>
    public static WorldTopology? Reallot(WorldTopology topology, int index, HomeAssignment allotted, RegionId to)
    {
        var shard = topology[index];
        if ((shard.Reserved is not null || shard.Home != allotted) && shard.ReservedToken != allotted.Token)
        {
            return null;
        }

        // Whoever served it, or may have, and does not go on.
        foreach (var before in new[] { shard.Home.Region, shard.Reserved ?? shard.Home.Region })
        {
            shard = before == to ? shard : shard.Leave(topology.Regions.IndexOf(before));
        }

        return Forgive(topology.WithShard(index, shard.Allot(to)), to);
    }

    /// <summary>A home has begun its epoch, and noted before what the regions that were left behind may have acknowledged alone.</summary>
    public static WorldTopology? Settle(WorldTopology topology, int index, HomeAssignment home) =>
        topology[index] is var shard && shard.Home == home && !shard.LeftBehind.IsEmpty ? topology.WithShard(index, shard with { LeftBehind = default }) : null;

    /// <summary>
    /// An operator drains or restores a region. The last one that is not drained stays: with two operators at once, too. Restoring forgives a
    /// forced failover, so that a drain later on is no more than a drain.
    /// </summary>
    public static WorldTopology? SetMode(WorldTopology topology, RegionId region, RegionMode mode)
    {
        var state = topology.StateOf(region);
        return state.Mode == mode || (mode == RegionMode.Drained && !IsAnotherWanted(topology, region)) ? null
            : topology.With(region, state with { Mode = mode, EvictedThrough = mode == RegionMode.Drained ? state.EvictedThrough : 0 });
    }

    /// <summary>A region that stops asks to be home of nothing. Not the last one that is wanted: its homes would have nowhere to go.</summary>
    public static WorldTopology? Leave(WorldTopology topology, RegionId region)
    {
        var state = topology.StateOf(region);
        return state.IsAway || !IsAnotherWanted(topology, region) ? null : topology.With(region, state with { Mode = RegionMode.Leaving, EvictedThrough = 0 });
    }

    /// <summary>A region that left has started again. One that an operator drained stays so.</summary>
    public static WorldTopology? Return(WorldTopology topology, RegionId region) =>
        topology.StateOf(region) is { Mode: RegionMode.Leaving } state ? topology.With(region, state with { Mode = RegionMode.Restoring }) : null;

    /// <summary>
    /// An operator fails a region over: it is drained, and must give up the lease that it has. Not the last region that can be home: it would wait
    /// without a lease for another to take its homes, for ever.
    /// </summary>
    public static WorldTopology? Evict(WorldTopology topology, RegionId region)
    {
        var state = topology.StateOf(region);
        return (state.EvictedThrough >= state.Generation && state.Mode == RegionMode.Drained) || !CanBeElsewhere(topology, region)
            ? null
            : topology.With(region, state with { Mode = RegionMode.Drained, EvictedThrough = state.Generation });
    }

    /// <summary>
    /// New epochs for what a region is home of, or was to be. What it is handing over stays: it may have promised and sent a token that it knows nothing of any more, and the
    /// region that got it may serve (<see cref="Refuse"/>).
    /// </summary>
    private static WorldTopology Renew(WorldTopology topology, RegionId region)
    {
        var shards = topology.Shards.ToBuilder();
        for (var index = 0; index < topology.Map.Count; index++)
        {
            var shard = topology[index];
            if (shard.Home.Region == region && shard.Reserved is null)
            {
                shards[index] = shard.Allot(region);
            }
            else if (shard.Reserved == region)
            {
                // It may have had the token, and have served.
                shards[index] = shard.Leave(topology.Regions.IndexOf(region)).Allot(shard.Home.Region);
            }
        }

        return topology.With(shards.ToImmutable());
    }

    /// <summary>Whoever is given a home may keep its lease: a forced failover of long ago would let it wait for somebody else to take that home, for ever.</summary>
    private static WorldTopology Forgive(WorldTopology topology, RegionId region) =>
        topology.StateOf(region) is { EvictedThrough: > 0 } state ? topology.With(region, state with { EvictedThrough = 0 }) : topology;

    private static bool IsAnotherWanted(WorldTopology topology, RegionId region) => topology.Regions.All.Any(other =>
        other != region && topology.Map.Preferences.CanBeHome(other) && !topology.StateOf(other).IsAway);

    private static bool CanBeElsewhere(WorldTopology topology, RegionId region) => topology.Regions.All.Any(other =>
        other != region && topology.Map.Preferences.CanBeHome(other) && !(topology.StateOf(other).IsEvicted && topology.Involves(other)));
}
