using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using static OrleansGeo.Tests.Protocol.Entries;

namespace OrleansGeo.Tests.Protocol;

public sealed class ShardRoleTests
{
    private static readonly RegionId A = new("a"), B = new("b"), C = new("c");
    private static readonly WorldTopology World = WorldTopology.Initial(new ShardMap(new([A, B, C]), 1, 1, new()));
    private static readonly int Shard = Enumerable.Range(0, World.Map.Count).First(static index => World.HomeOf(index).Region == A);
    private static readonly WorldTopology Reserved = TopologyChanges.Reserve(World, A, new Dictionary<int, RegionId> { [Shard] = B })!;

    [Fact]
    public void A_home_that_reserved_its_shard_serves_until_its_store_promised_it_away_and_never_after()
    {
        Assert.Equal(new ShardRole.Home(new(A, 1), IsRecovered: true), ShardRole.Of(Reserved, Shard, A, Head(Token("a", 1), Row(1, 1))));
        var given = ShardRole.Of(Reserved, Shard, A, Head(Token("b", 2), Row(1, 1)));
        Assert.Equal(new ShardRole.HandedOver(new(A, 1), B, new(World.Map[Shard], Token("b", 2), At(1), 1)), given);
    }

    /// <summary>Its store promised the shard away under a reservation that was withdrawn after all: it waited for ever, because nobody else may move its home.</summary>
    [Fact]
    public void A_home_whose_store_promised_the_shard_away_gives_it_an_epoch_there()
    {
        var withdrawn = TopologyChanges.Withdraw(Reserved, Shard, new(A, 1), new(B, 2))!;
        var head = Head(Token("b", 2), Row(1, 1));
        Assert.Equal(new ShardRole.GivenAway(new(A, 1), B), ShardRole.Of(withdrawn, Shard, A, head));
        Assert.Equal(new ShardRole.GivenAway(new(A, 1), B), ShardRole.Of(TopologyChanges.Reserve(withdrawn, A, new Dictionary<int, RegionId> { [Shard] = C })!, Shard, A, head));
        Assert.IsType<ShardRole.Home>(ShardRole.Of(withdrawn, Shard, A, Head(Token("a", 1), Row(1, 1))));
        Assert.Equal(new HomeAssignment(B, 3), TopologyChanges.Reallot(withdrawn, Shard, new(A, 1), B)!.HomeOf(Shard));
    }

    [Fact]
    public void Whoever_it_is_reserved_for_is_home_by_its_store_once_that_has_an_entry_of_the_epoch()
    {
        Assert.IsType<ShardRole.Replica>(ShardRole.Of(Reserved, Shard, B, Head(Token("b", 2), Row(1, 1))));
        Assert.Equal(new ShardRole.Home(new(B, 2), IsRecovered: true), ShardRole.Of(Reserved, Shard, B, Head(Token("b", 2), Row(1, 1), Row(2, 2))));
        Assert.IsType<ShardRole.Replica>(ShardRole.Of(Reserved, Shard, C, Head(Token("b", 2), Row(1, 1), Row(2, 2))));
    }

    [Fact]
    public void A_log_is_whole_only_with_an_entry_of_the_allotted_epoch()
    {
        var allotted = TopologyChanges.Reallot(World, Shard, new(A, 1), B)!;
        Assert.Equal(new ShardRole.Home(new(B, 2), IsRecovered: false), ShardRole.Of(allotted, Shard, B, Head(Token("a", 1), Row(1, 1))));
        Assert.Equal(new ShardRole.Home(new(B, 2), IsRecovered: true), ShardRole.Of(allotted, Shard, B, Head(Token("b", 2), Row(1, 1), Row(2, 2))));
        var copying = Head(Token("b", 2), Row(1, 1), Row(2, 2)) with { Copying = true };
        Assert.Equal(new ShardRole.Home(new(B, 2), IsRecovered: false), ShardRole.Of(allotted, Shard, B, copying));
    }
}
