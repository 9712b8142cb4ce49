using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using static OrleansGeo.Tests.Protocol.Entries;

namespace OrleansGeo.Tests.Protocol;

/// <summary>What region <c>a</c> of three must have before its store is known to hold all that it held.</summary>
public sealed class StoreComparisonTests
{
    private static readonly RegionId A = new("a"), B = new("b"), C = new("c");
    private static readonly ShardMap Map = new(new([A, B, C]), 1, 1);
    private static readonly WorldTopology World = WorldTopology.Initial(Map);
    private static readonly int Here = HomeAt(A), Elsewhere = HomeAt(B);
    private static readonly int OwnRow = RowOf(A), OtherRow = RowOf(B);

    [Fact]
    public void A_shard_whose_home_is_elsewhere_is_held_once_the_store_has_what_the_home_had()
    {
        var comparison = Of(Elsewhere);
        var home = Head(Token("b", 1), Row(1, 1), Row(1, 2));
        Assert.False(Holds(comparison, Elsewhere, home));
        comparison.Answered(B, World, Elsewhere, home);
        Assert.False(Holds(comparison, Elsewhere, Head(Token("b", 1), Row(1, 1))));
        Assert.True(Holds(comparison, Elsewhere, home));
        Assert.True(Holds(comparison, Elsewhere, Head(Token("b", 1), Row(1, 1), Row(1, 2), Row(1, 3))));
    }

    [Fact]
    public void A_shard_of_a_new_world_is_held_by_an_empty_store()
    {
        var comparison = Of(Elsewhere);
        Assert.False(Holds(comparison, Elsewhere, ShardHead.Empty));
        comparison.Answered(B, World, Elsewhere, ShardHead.Empty);
        Assert.True(Holds(comparison, Elsewhere, ShardHead.Empty));
    }

    [Fact]
    public void What_a_region_says_of_a_shard_counts_only_while_it_is_home_and_has_begun_its_epoch()
    {
        var moved = TopologyChanges.Reallot(World, Elsewhere, new(B, 1), C)!;
        var before = Head(Token("c", 2), Row(1, 1));
        var begun = Head(Token("c", 2), Row(1, 1), Row(2, 2));
        var comparison = Of(Elsewhere);
        comparison.Answered(B, World, Elsewhere, before);
        comparison.Answered(C, moved, Elsewhere, before);
        comparison.Answered(B, moved, Elsewhere, begun);
        Assert.False(Holds(comparison, Elsewhere, before, moved));
        Assert.False(Holds(comparison, Elsewhere, begun, moved));
        comparison.Answered(C, moved, Elsewhere, begun);
        Assert.True(Holds(comparison, Elsewhere, begun, moved));
        Assert.False(Holds(comparison, Elsewhere, before, moved));

        // Longer, and of an epoch that was lost.
        Assert.False(Holds(comparison, Elsewhere, Head(Token("c", 2), Row(1, 1), Row(1, 2), Row(1, 3)), moved));
    }

    [Fact]
    public void A_shard_whose_home_is_here_is_held_once_it_began_an_epoch_of_this_run()
    {
        var renewed = TopologyChanges.Record(World, A, 1, isProven: false)!;
        var begun = Head(Token("a", 2), Row(1, 1), Row(2, 2));
        Assert.False(Holds(Of(Here), Here, begun, renewed, isRecorded: false));
        Assert.False(Holds(Of(Here), Here, Head(Token("a", 2), Row(1, 1)), renewed));
        Assert.True(Holds(Of(Here), Here, begun, renewed));
    }

    [Fact]
    public void A_shard_that_is_being_handed_over_is_not_held()
    {
        var begun = Head(Token("a", 1), Row(1, 1));
        Assert.True(Holds(Of(Here), Here, begun));
        Assert.False(Holds(Of(Here), Here, begun, TopologyChanges.Reserve(World, A, new Dictionary<int, RegionId> { [Here] = B })!));

        var comparison = Of(Elsewhere);
        comparison.Answered(B, World, Elsewhere, begun);
        Assert.True(Holds(comparison, Elsewhere, begun));
        Assert.False(Holds(comparison, Elsewhere, begun, TopologyChanges.Reserve(World, B, new Dictionary<int, RegionId> { [Elsewhere] = A })!));
    }

    [Fact]
    public void A_shard_that_is_being_copied_is_not_held()
    {
        var begun = Head(Token("b", 1), Row(1, 1));
        foreach (var index in new[] { Here, Elsewhere, OtherRow })
        {
            var comparison = Of(index);
            comparison.Answered(B, World, index, begun);
            Assert.True(Holds(comparison, index, begun));
            Assert.False(Holds(comparison, index, begun with { Copying = true }));
        }
    }

    [Fact]
    public void The_own_row_goes_on_under_an_epoch_that_no_store_has_seen_once_enough_have_said()
    {
        var comparison = Of(OwnRow);
        comparison.Answered(B, World, OwnRow, Head(Token("a", 4), Row(1, 1)));
        Assert.Empty(comparison.Renewals);
        comparison.Answered(C, World, OwnRow, Head(Token("a", 2), Row(2, 1)));
        Assert.Equal([(OwnRow, Token("a", 5))], comparison.Renewals);
        comparison.Answered(C, World, OwnRow, Head(Token("a", 2), Row(6, 1)));
        Assert.Equal([(OwnRow, Token("a", 7))], comparison.Renewals);
        Assert.False(comparison.OwnsRows);
        Assert.False(Holds(comparison, OwnRow, ShardHead.Empty));

        comparison.Renewed(OwnRow);
        Assert.Empty(comparison.Renewals);
        Assert.True(comparison.OwnsRows);
        Assert.True(Holds(comparison, OwnRow, ShardHead.Empty));
    }

    [Fact]
    public void The_own_row_never_goes_on_under_the_epoch_that_a_new_world_begins_with()
    {
        var comparison = Of(OwnRow);
        comparison.Answered(B, World, OwnRow, ShardHead.Empty);
        comparison.Answered(C, World, OwnRow, ShardHead.Empty);
        Assert.Equal([(OwnRow, Token("a", 2))], comparison.Renewals);
    }

    [Fact]
    public void A_row_is_held_as_far_as_its_owner_had_it_when_it_was_asked()
    {
        var comparison = Of(OtherRow);
        comparison.Answered(B, World, OtherRow, Head(Token("b", 1), Row(1, 1), Row(1, 2)));
        comparison.Answered(B, World, OtherRow, Head(Token("b", 1), Row(1, 1), Row(1, 2), Row(1, 3)));
        Assert.False(Holds(comparison, OtherRow, Head(Token("b", 1), Row(1, 1))));
        Assert.True(Holds(comparison, OtherRow, Head(Token("b", 1), Row(1, 1), Row(1, 2))));
        Assert.True(Holds(comparison, OtherRow, Head(Token("b", 2), Row(2, 1))));
        Assert.False(Holds(comparison, OtherRow, Head(Token("b", 2), Row(2, 1)) with { Copying = true }));
    }

    [Fact]
    public void What_a_row_of_a_store_that_was_replaced_had_is_not_waited_for()
    {
        var comparison = Of(OtherRow);
        var left = Head(Token("b", 1), Row(1, 1));
        comparison.Answered(B, World, OtherRow, Head(Token("b", 1), Row(1, 1), Row(1, 2)));
        Assert.False(Holds(comparison, OtherRow, left));
        comparison.Answered(B, World, OtherRow, left);
        Assert.True(Holds(comparison, OtherRow, left));
    }

    [Fact]
    public void A_region_that_does_not_answer_holds_up_no_row()
    {
        var comparison = Of(OtherRow);
        Assert.True(Holds(comparison, OtherRow, ShardHead.Empty));
        Assert.True(comparison.OwnsRows);
    }

    [Fact]
    public void Homes_and_owners_are_asked_until_they_have_said_and_of_the_own_rows_every_region()
    {
        var comparison = Of(Here, Elsewhere, OwnRow, OtherRow);
        Assert.Equal([Elsewhere, OwnRow, OtherRow], comparison.AsksOf(B, World));
        Assert.Equal([OwnRow], comparison.AsksOf(C, World));

        comparison.Answered(B, World, Elsewhere, Head(Token("b", 1), Row(1, 1)));
        comparison.Renewed(OwnRow);
        Assert.Equal([OtherRow], comparison.AsksOf(B, World));
        var moved = TopologyChanges.Reallot(World, Elsewhere, new(B, 1), C)!;
        Assert.Equal([Elsewhere], comparison.AsksOf(C, moved));
    }

    [Fact]
    public void The_first_shard_that_is_not_held_is_named()
    {
        var comparison = Of(Here, Elsewhere);
        Assert.Equal(Elsewhere, comparison.Missing(World, isRecorded: true, static _ => Head(Token("a", 1), Row(1, 1))));
        Assert.Equal(Here, comparison.Missing(World, isRecorded: false, static _ => Head(Token("a", 1), Row(1, 1))));
    }

    private static StoreComparison Of(params int[] shards) => new(Map, A, shards);

    private static bool Holds(StoreComparison comparison, int index, ShardHead own, WorldTopology? topology = null, bool isRecorded = true) =>
        comparison.Missing(topology ?? World, isRecorded, asked => asked == index ? own : ShardHead.Empty) is null;

    private static int HomeAt(RegionId region) => Enumerable.Range(0, Map.Count).First(index => Map.PreferredHome(index) == region);

    private static int RowOf(RegionId region) => Enumerable.Range(Map.Count, Map.Total - Map.Count).First(index => Map.OwnerOf(index) == region);
}
