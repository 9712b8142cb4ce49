using OrleansGeo.Protocol.Seats;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Failover;

namespace OrleansGeo.Tests.Failover;

/// <summary>What a seat asks for travels to the control plane, and does there what it would do here.</summary>
public sealed class TopologyChangeWireTests
{
    private static readonly RegionId A = new("a");
    private static readonly RegionId B = new("b");
    private static readonly ShardMap Map = new(new([A, B, new("c")]), 3, 1);
    private static readonly int Index = Enumerable.Range(0, Map.Count).First(static index => Map.PreferredHome(index) == A);
    private static readonly HomeAssignment Home = new(A, 1);
    private static readonly WorldTopology Recorded = TopologyChanges.Record(WorldTopology.Initial(Map), A, 1)!;
    private static readonly WorldTopology Reserved = TopologyChanges.Reserve(Recorded, A, new Dictionary<int, RegionId> { [Index] = B })!;
    private static readonly FencingToken Token = new(B, 2);

    private static readonly (SeatChange Change, WorldTopology To)[] Changes =
    [
        (new SeatChange.Withdraw(Index, Home, Token), Reserved),
        (new SeatChange.HandedOver(Index, Token), Reserved),
        (new SeatChange.Claim(Index, Home, B, 1), Reserved),
        (new SeatChange.Reallot(Index, Home, B), Recorded),
        (new SeatChange.Refuse(Index, Home, Token), Reserved),
        (new SeatChange.Settle(Index, new(B, 3)), TopologyChanges.Claim(Reserved, Index, Home, B, 1)!),
    ];

    [Fact]
    public void Each_change_does_the_same_after_it_travelled()
    {
        foreach (var (change, topology) in Changes)
        {
            var expected = change.Apply(topology);
            Assert.NotNull(expected);
            Assert.Equal(TopologyCodec.Encode(expected), TopologyCodec.Encode(TopologyChangeWire.From(change).Apply(topology)!));
        }
    }

    [Fact]
    public void No_change_is_left_out() =>
        Assert.Equal(typeof(SeatChange).GetNestedTypes().OrderBy(static type => type.Name), Changes.Select(static change => change.Change.GetType()).OrderBy(static type => type.Name));
}
