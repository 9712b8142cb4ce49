using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Seats;

/// <summary>A change of the topology that a seat asks for, as data.</summary>
internal abstract record SeatChange
{
    private SeatChange()
    {
    }

    /// <summary>The topology after it; null when it does not apply any more.</summary>
    public abstract WorldTopology? Apply(WorldTopology topology);

    /// <summary>See <see cref="TopologyChanges.Withdraw"/>.</summary>
    public sealed record Withdraw(int Shard, HomeAssignment Home, FencingToken Reserved) : SeatChange
    {
        public override WorldTopology? Apply(WorldTopology topology) => TopologyChanges.Withdraw(topology, Shard, Home, Reserved);
    }

    /// <summary>See <see cref="TopologyChanges.HandedOver"/>.</summary>
    public sealed record HandedOver(int Shard, FencingToken Token) : SeatChange
    {
        public override WorldTopology? Apply(WorldTopology topology) =>
            TopologyChanges.HandedOver(topology, Token.Region, new Dictionary<int, long> { [Shard] = Token.Epoch });
    }

    /// <summary>See <see cref="TopologyChanges.Claim"/>.</summary>
    public sealed record Claim(int Shard, HomeAssignment Home, RegionId Claimant, long Revoked) : SeatChange
    {
        public override WorldTopology? Apply(WorldTopology topology) => TopologyChanges.Claim(topology, Shard, Home, Claimant, Revoked);
    }

    /// <summary>See <see cref="TopologyChanges.Reallot"/>.</summary>
    public sealed record Reallot(int Shard, HomeAssignment Home, RegionId To) : SeatChange
    {
        public override WorldTopology? Apply(WorldTopology topology) => TopologyChanges.Reallot(topology, Shard, Home, To);
    }

    /// <summary>See <see cref="TopologyChanges.Refuse"/>.</summary>
    public sealed record Refuse(int Shard, HomeAssignment Home, FencingToken Reserved) : SeatChange
    {
        public override WorldTopology? Apply(WorldTopology topology) => TopologyChanges.Refuse(topology, Shard, Home, Reserved);
    }

    /// <summary>See <see cref="TopologyChanges.Settle"/>.</summary>
    public sealed record Settle(int Shard, HomeAssignment Home) : SeatChange
    {
        public override WorldTopology? Apply(WorldTopology topology) => TopologyChanges.Settle(topology, Shard, Home);
    }
}
