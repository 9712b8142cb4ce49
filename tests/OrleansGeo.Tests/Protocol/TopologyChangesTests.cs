using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Tests.Protocol;

/// <summary>What may be decided about homes, and rests on what (invariant 2).</summary>
public sealed class TopologyChangesTests
{
    private static readonly RegionId A = new("a"), B = new("b"), C = new("c");
    private static readonly WorldTopology World = WorldTopology.Initial(new ShardMap(new([A, B, C]), 1, 1));
    private static readonly int Shard = Enumerable.Range(0, World.Map.Count).First(static index => World.HomeOf(index).Region == A);
    private static readonly Dictionary<int, RegionId> ToB = new() { [Shard] = B };

    [Fact]
    public void A_takeover_rests_on_the_newest_generation_that_its_region_recorded()
    {
        var recorded = TopologyChanges.Record(World, A, 5)!;
        Assert.Null(TakeOver(recorded, revoked: 4));
        Assert.Equal(2, TakeOver(recorded, revoked: 5)!.HomeOf(Shard).Epoch);
    }

    [Fact]
    public void A_takeover_leaves_what_a_living_region_may_have_been_handed()
    {
        var reserved = TopologyChanges.Reserve(TopologyChanges.Record(World, B, 1)!, A, ToB)!;
        Assert.Equal(reserved[Shard], TakeOver(reserved, revoked: 1, endedOfB: 0)?[Shard] ?? reserved[Shard]);
        Assert.Equal(new HomeAssignment(C, 3), TakeOver(reserved, revoked: 1, endedOfB: 1)!.HomeOf(Shard));
    }

    [Fact]
    public void A_hand_over_is_recorded_for_its_own_token_only()
    {
        var reserved = TopologyChanges.Reserve(World, A, ToB)!;
        Assert.Null(TopologyChanges.HandedOver(reserved, B, new Dictionary<int, long> { [Shard] = 3 }));
        Assert.Null(TopologyChanges.HandedOver(reserved, C, new Dictionary<int, long> { [Shard] = 2 }));
        Assert.Equal(new HomeAssignment(B, 2), TopologyChanges.HandedOver(reserved, B, new Dictionary<int, long> { [Shard] = 2 })!.HomeOf(Shard));
    }

    [Fact]
    public void An_epoch_that_was_taken_back_is_nobodys_for_ever()
    {
        var withdrawn = TopologyChanges.Withdraw(TopologyChanges.Reserve(World, A, ToB)!, Shard, new(A, 1), new(B, 2))!;
        Assert.Null(withdrawn[Shard].ReservedToken);
        Assert.Null(TopologyChanges.HandedOver(withdrawn, B, new Dictionary<int, long> { [Shard] = 2 }));
        Assert.Equal(new FencingToken(B, 3), TopologyChanges.Reserve(withdrawn, A, ToB)![Shard].ReservedToken);
    }

    [Fact]
    public void A_region_that_leaves_is_given_no_home_until_it_returns()
    {
        var left = TopologyChanges.Leave(World, B)!;
        Assert.True(left.StateOf(B).IsAway);
        Assert.Null(TopologyChanges.Leave(left, B));
        Assert.Null(TopologyChanges.Reserve(left, A, ToB)?[Shard].Reserved);
        Assert.Equal(RegionMode.Restoring, TopologyChanges.Return(left, B)!.StateOf(B).Mode);
        Assert.NotNull(TopologyChanges.Reserve(TopologyChanges.Return(left, B)!, A, ToB)![Shard].Reserved);
        Assert.Equal(left.StateOf(B), TopologyCodec.Decode(left.Map, TopologyCodec.Encode(left)).StateOf(B));
    }

    [Fact]
    public void The_last_region_that_is_wanted_cannot_leave()
    {
        var two = TopologyChanges.Leave(TopologyChanges.SetMode(World, A, RegionMode.Drained)!, B)!;
        Assert.Null(TopologyChanges.Leave(two, C));
        Assert.Null(TopologyChanges.SetMode(two, C, RegionMode.Drained));
    }

    [Fact]
    public void What_an_operator_drained_neither_leaves_nor_returns_by_itself()
    {
        var drained = TopologyChanges.SetMode(World, B, RegionMode.Drained)!;
        Assert.Null(TopologyChanges.Leave(drained, B));
        Assert.Null(TopologyChanges.Return(drained, B));
        Assert.Null(TopologyChanges.Return(World, B));
        Assert.Equal(RegionMode.Drained, TopologyChanges.SetMode(TopologyChanges.Leave(World, B)!, B, RegionMode.Drained)!.StateOf(B).Mode);
    }

    [Fact]
    public void A_region_that_may_have_forgotten_what_it_began_gets_new_epochs_of_its_homes()
    {
        var recorded = TopologyChanges.Record(World, A, 1, isProven: false)!;
        Assert.Equal(World[Shard] with { Home = new(A, 2), Allotted = 2 }, recorded[Shard]);
        Assert.All(Enumerable.Range(0, World.Map.Count), index => Assert.Equal(World.HomeOf(index).Region == A ? 2 : 1, recorded.HomeOf(index).Epoch));
        Assert.Equal(1, TopologyChanges.Record(World, A, 1)!.HomeOf(Shard).Epoch);
    }

    [Fact]
    public void A_home_that_may_have_forgotten_that_it_sent_the_token_keeps_its_reservation()
    {
        var reserved = TopologyChanges.Reserve(World, A, ToB)!;
        Assert.Equal(reserved[Shard], TopologyChanges.Record(reserved, A, 1, isProven: false)![Shard]);
    }

    [Fact]
    public void What_was_reserved_for_a_region_that_may_have_forgotten_the_token_stays_at_its_home_under_a_new_epoch()
    {
        var recorded = TopologyChanges.Record(TopologyChanges.Reserve(World, A, ToB)!, B, 1, isProven: false)!;
        Assert.Equal(new ShardState(new(A, 3), null, 3, default(RegionSet).With(1)), recorded[Shard]);
    }

    [Fact]
    public void A_region_refuses_the_reservation_that_stands_and_its_home_goes_on_under_a_new_epoch()
    {
        var reserved = TopologyChanges.Reserve(World, A, ToB)!;
        Assert.Null(TopologyChanges.Refuse(reserved, Shard, new(A, 1), new(C, 2)));
        Assert.Null(TopologyChanges.Refuse(reserved, Shard, new(A, 2), new(B, 2)));
        var refused = TopologyChanges.Refuse(reserved, Shard, new(A, 1), new(B, 2))!;
        Assert.Equal(new ShardState(new(A, 3), null, 3), refused[Shard]);
        Assert.Null(TopologyChanges.HandedOver(refused, B, new Dictionary<int, long> { [Shard] = 2 }));
        Assert.Null(TopologyChanges.Refuse(refused, Shard, new(A, 3), new(B, 2)));
    }

    [Fact]
    public void A_region_refuses_a_reservation_that_was_withdrawn_as_long_as_its_home_has_an_older_epoch()
    {
        var withdrawn = TopologyChanges.Withdraw(TopologyChanges.Reserve(World, A, ToB)!, Shard, new(A, 1), new(B, 2))!;
        Assert.Equal(new ShardState(new(A, 3), null, 3), TopologyChanges.Refuse(withdrawn, Shard, new(A, 1), new(B, 2))![Shard]);
        Assert.Null(TopologyChanges.Refuse(withdrawn, Shard, new(A, 1), new(B, 3)));
        Assert.Null(TopologyChanges.Refuse(withdrawn, Shard, new(A, 1), new(B, 1)));
        Assert.Null(TopologyChanges.Refuse(TopologyChanges.Reserve(withdrawn, A, ToB)!, Shard, new(A, 1), new(B, 2)));
    }

    [Fact]
    public void A_shard_that_is_given_away_leaves_behind_each_region_that_may_have_served_it()
    {
        Assert.Equal(default(RegionSet).With(0), TopologyChanges.Reallot(World, Shard, new(A, 1), B)![Shard].LeftBehind);
        Assert.True(TopologyChanges.Reallot(World, Shard, new(A, 1), A)![Shard].LeftBehind.IsEmpty);
        var reserved = TopologyChanges.Reserve(World, A, ToB)!;
        Assert.Null(TopologyChanges.Reallot(reserved, Shard, new(A, 1), C));
        Assert.Equal(default(RegionSet).With(0), TopologyChanges.Reallot(reserved, Shard, new(B, 2), B)![Shard].LeftBehind);
        Assert.Equal(default(RegionSet).With(1), TopologyChanges.Reallot(reserved, Shard, new(B, 2), A)![Shard].LeftBehind);
        Assert.Equal(default(RegionSet).With(0).With(1), TopologyChanges.Reallot(reserved, Shard, new(B, 2), C)![Shard].LeftBehind);
    }

    [Fact]
    public void A_region_that_is_given_a_shard_may_keep_its_lease()
    {
        var evicted = TopologyChanges.Evict(TopologyChanges.Record(World, B, 4)!, B)!;
        Assert.Equal(4, evicted.StateOf(B).EvictedThrough);
        Assert.Equal(0, TopologyChanges.Reallot(evicted, Shard, new(A, 1), B)!.StateOf(B).EvictedThrough);
        Assert.Equal(4, TopologyChanges.Reallot(evicted, Shard, new(A, 1), C)!.StateOf(B).EvictedThrough);
    }

    private static WorldTopology? TakeOver(WorldTopology topology, long revoked, long endedOfB = -1) =>
        TopologyChanges.TakeOver(topology, A, revoked, static region => region == C, region => region == B ? endedOfB : -1);
}
