using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Recovery;

/// <summary>What a region is to a shard, by the topology and what its own store promised.</summary>
internal abstract record ShardRole
{
    private ShardRole()
    {
    }

    /// <param name="topology">The newest topology known here.</param>
    /// <param name="index">The shard.</param>
    /// <param name="self">This region.</param>
    /// <param name="own">Its store's head of the shard.</param>
    public static ShardRole Of(WorldTopology topology, int index, RegionId self, ShardHead own)
    {
        var shard = topology[index];
        var home = shard.Home;
        if (topology.Map.IsRow(index))
        {
            // No lease and no promotion: the owner's own promise is its epoch, one for each store that it ever had.
            var row = home with { Epoch = Math.Max(home.Epoch, own.Promised.Epoch) };
            return home.Region == self ? new Home(row, CanOpen(row, own)) : new Replica(row);
        }

        if (home.Region == self)
        {
            // Fenced by the epoch that it reserved for another: the token was sent, or may have been.
            return shard.ReservedToken is { } token && own.Promised == token ? new HandedOver(home, token.Region, new(topology.Map[index], own.Promised, own.Last, own.LastEpoch))
                : own.Promised.Region != self && own.Promised.Epoch > home.Epoch && own.Promised.Epoch <= shard.Allotted ? new GivenAway(home, own.Promised.Region)
                : new Home(home, CanOpen(home, own));
        }

        // It took the token, and the topology does not know yet.
        return shard.Reserved == self && own.LastEpoch == shard.Allotted && own.Promised == shard.ReservedToken
            ? new Home(new(self, shard.Allotted), true)
            : new Replica(home);
    }

    /// <summary>The epoch's first entry is written only after the log was made whole. A new world's first epoch has nothing before it.</summary>
    private static bool CanOpen(HomeAssignment home, ShardHead own) =>
        !own.Copying && (own.LastEpoch == home.Epoch || (home.Epoch == 1 && own.Last == LogPosition.Zero));

    /// <summary>It is home.</summary>
    /// <param name="Assignment">Under which epoch.</param>
    /// <param name="IsRecovered">Its log is whole: it can be opened. Otherwise it has to be recovered first.</param>
    public sealed record Home(HomeAssignment Assignment, bool IsRecovered) : ShardRole;

    /// <summary>It was home and gave the shard away; whoever should have it may not have the token.</summary>
    public sealed record HandedOver(HomeAssignment Assignment, RegionId To, HandOverToken Token) : ShardRole;

    /// <summary>
    /// It was home and promised the shard under a reservation that was withdrawn all the same, such as by an earlier run of this region. It can never serve
    /// again, and the other may serve: that one must be given an epoch of its own.
    /// </summary>
    public sealed record GivenAway(HomeAssignment Assignment, RegionId To) : ShardRole;

    /// <summary>It follows the home.</summary>
    public sealed record Replica(HomeAssignment Assignment) : ShardRole;
}
