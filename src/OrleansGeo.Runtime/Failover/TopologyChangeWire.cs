using OrleansGeo.Protocol.Seats;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.Failover;

/// <summary>One of <see cref="TopologyChanges"/> as data: shards and operators ask for it from whichever silo they are on.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.topologychange")]
internal sealed record TopologyChangeWire(
    [property: Id(0)] TopologyChangeKind Kind,
    [property: Id(1)] string Region,
    [property: Id(2)] int Shard = -1,
    [property: Id(3)] string HomeRegion = "",
    [property: Id(4)] long HomeEpoch = 0,
    [property: Id(5)] long Number = 0,
    [property: Id(6)] Dictionary<int, string>? Targets = null)
{
    public static TopologyChangeWire SetMode(RegionId region, RegionMode mode) => new(TopologyChangeKind.SetMode, region.Name, Number: (long)mode);

    public static TopologyChangeWire Leave(RegionId region) => new(TopologyChangeKind.Leave, region.Name);

    public static TopologyChangeWire Return(RegionId region) => new(TopologyChangeKind.Return, region.Name);

    public static TopologyChangeWire Evict(RegionId region) => new(TopologyChangeKind.Evict, region.Name);

    public static TopologyChangeWire Reserve(RegionId home, Dictionary<int, RegionId> targets) =>
        new(TopologyChangeKind.Reserve, home.Name, Targets: targets.ToDictionary(static pair => pair.Key, static pair => pair.Value.Name));

    /// <summary>What a shard's seat asks for.</summary>
    public static TopologyChangeWire From(SeatChange change) => change switch
    {
        SeatChange.Withdraw withdraw => new(
            TopologyChangeKind.Withdraw, withdraw.Reserved.Region.Name, withdraw.Shard, withdraw.Home.Region.Name, withdraw.Home.Epoch, withdraw.Reserved.Epoch),
        SeatChange.HandedOver handed => new(TopologyChangeKind.HandedOver, handed.Token.Region.Name, handed.Shard, Number: handed.Token.Epoch),
        SeatChange.Claim claim => new(TopologyChangeKind.Claim, claim.Claimant.Name, claim.Shard, claim.Home.Region.Name, claim.Home.Epoch, claim.Revoked),
        SeatChange.Reallot reallot => new(TopologyChangeKind.Reallot, reallot.To.Name, reallot.Shard, reallot.Home.Region.Name, reallot.Home.Epoch),
        SeatChange.Refuse refuse => new(
            TopologyChangeKind.Refuse, refuse.Reserved.Region.Name, refuse.Shard, refuse.Home.Region.Name, refuse.Home.Epoch, refuse.Reserved.Epoch),
        SeatChange.Settle settle => new(TopologyChangeKind.Settle, settle.Home.Region.Name, settle.Shard, settle.Home.Region.Name, settle.Home.Epoch),
        _ => throw new NotSupportedException($"A seat's change {change} has no form in which it travels."),
    };

    public WorldTopology? Apply(WorldTopology topology)
    {
        var region = new RegionId(Region);
        return Kind switch
        {
            TopologyChangeKind.SetMode => TopologyChanges.SetMode(topology, region, (RegionMode)Number),
            TopologyChangeKind.Leave => TopologyChanges.Leave(topology, region),
            TopologyChangeKind.Return => TopologyChanges.Return(topology, region),
            TopologyChangeKind.Evict => TopologyChanges.Evict(topology, region),
            TopologyChangeKind.Reserve => TopologyChanges.Reserve(topology, region, Targets!.ToDictionary(static pair => pair.Key, static pair => new RegionId(pair.Value))),
            TopologyChangeKind.Withdraw => TopologyChanges.Withdraw(topology, Shard, Home, new(region, Number)),
            TopologyChangeKind.HandedOver => TopologyChanges.HandedOver(topology, region, new Dictionary<int, long> { [Shard] = Number }),
            TopologyChangeKind.Claim => TopologyChanges.Claim(topology, Shard, Home, region, Number),
            TopologyChangeKind.Reallot => TopologyChanges.Reallot(topology, Shard, Home, region),
            TopologyChangeKind.Refuse => TopologyChanges.Refuse(topology, Shard, Home, new(region, Number)),
            TopologyChangeKind.Settle => TopologyChanges.Settle(topology, Shard, Home),
            _ => throw new NotSupportedException($"Topology change {Kind} is of a newer version: upgrade this silo."),
        };
    }

    private HomeAssignment Home => new(new RegionId(HomeRegion), HomeEpoch);
}
