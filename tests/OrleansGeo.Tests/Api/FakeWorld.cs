using System.Collections.Immutable;
using Orleans.Runtime;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Tests.Api;

/// <summary>A world of three regions, seen from West Europe; Southeast Asia is down.</summary>
internal sealed class FakeWorld : IGeoWorld
{
    private static readonly ShardMap Map = new(new WorldRegions([new("westeurope"), new("eastus2"), new("southeastasia")]), 4, 2);

    public RegionId Region { get; } = new("westeurope");

    public WorldTopology Topology { get; } = CreateTopology();

    public long TopologyVersion => Topology.Version;

    public ImmutableArray<RegionId> Regions => Topology.Regions.All;

    public bool IsUp { get; set; } = true;

    public bool IsKnown { get; set; } = true;

    /// <summary>Why another region's replicas cannot follow; null: they can.</summary>
    public string? Problem { get; set; }

    /// <summary>Why multi-writer entities take no writes; null: they do.</summary>
    public string? RowProblem { get; set; }

    public ImmutableArray<FamilyStatus> GetFamilies() => [new(ShardFamily.Quorum, null), new(ShardFamily.Region, null), new(ShardFamily.Row, RowProblem)];

    public WorldSnapshot TakeSnapshot() => new(
        Topology.Version, [.. GetRegions().Select(InTopology)], [.. Enumerable.Range(0, Map.Count).Select(index => new ShardStatus(Map[index], Topology.HomeOf(index), Topology[index].Reserved, Map.PreferredHome(index)))]);

    public EntityLocation? Locate(GrainId entity)
    {
        if (entity.Type.ToString() is not ("document" or "orleansgeo.tests.cart"))
        {
            return null;
        }

        var shard = Map.Locate(ShardFamily.Quorum, HomeChoice.HashOf(entity.Key.AsSpan()));
        return new(Map[shard], Topology.HomeOf(shard), false);
    }

    public ImmutableArray<RegionStatus> GetRegions() =>
    [
        .. IsKnown ? [new RegionStatus(new("westeurope"), IsUp, IsUp ? null : "its store has failed", TimeSpan.Zero, 5, 0, true, 4, RegionMode.Normal, TimeSpan.Zero)] : Array.Empty<RegionStatus>(),
        new(new("eastus2"), true, "stale reason", TimeSpan.FromMilliseconds(94.5), 6, 17, true, 2, RegionMode.Restoring, TimeSpan.FromMilliseconds(212.4), Problem),
        new(new("southeastasia"), false, "no heartbeat for 600 ms", null, 3, null, false, 7, RegionMode.Drained),
    ];

    private RegionStatus InTopology(RegionStatus region) =>
        region with { Generation = Topology.StateOf(region.Region).Generation, Mode = Topology.StateOf(region.Region).Mode };

    /// <summary>The first shard has moved, and is being handed over to West Europe.</summary>
    private static WorldTopology CreateTopology()
    {
        var topology = WorldTopology.Initial(Map).With(0, new HomeAssignment(new("eastus2"), 9));
        topology = TopologyChanges.Reserve(topology, new("eastus2"), new Dictionary<int, RegionId> { [0] = new("westeurope") })!;
        topology = TopologyChanges.Record(topology, new("southeastasia"), 7)!;
        return TopologyChanges.SetMode(topology, new("southeastasia"), RegionMode.Drained)!;
    }
}
