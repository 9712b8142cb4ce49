using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Types;

namespace OrleansGeo.Tests.Protocol.Types;

/// <summary>What may be added to the types of a world, and what contradicts them.</summary>
public sealed class RecordedTypesTests
{
    private static readonly TypeChoices Cart = new("cart", ShardFamily.Quorum, false, "Policies.ByKeyHash");
    private static readonly TypeChoices Note = new("note", ShardFamily.Region, false, "Policies.ByKeyPrefix");
    private static readonly TypeChoices Tally = new("tally", ShardFamily.Region, true, "");

    [Fact]
    public void Types_that_are_not_recorded_are_added_in_one_change_and_nothing_is_changed_for_those_that_are()
    {
        var types = RecordedTypes.Empty.Record([Cart, Tally])!;
        Assert.True(types.Has(Cart));
        Assert.True(types.Has(Tally));
        Assert.False(types.Has(Note));
        Assert.Null(types.Record([Cart]));
        Assert.Null(types.Record([]));
        Assert.Equal(["cart", "note", "tally"], types.Record([Tally, Note])!.All.Select(static choices => choices.Type));
    }

    [Theory]
    [InlineData(ShardFamily.Region, false, "Policies.ByKeyHash")]
    [InlineData(ShardFamily.Quorum, true, "")]
    [InlineData(ShardFamily.Quorum, false, "Policies.Own")]
    public void Each_choice_contradicts_another_one_and_a_declaration_with_a_contradiction_adds_nothing(ShardFamily durability, bool isMultiWriter, string policy)
    {
        var types = RecordedTypes.Empty.Record([Cart])!;
        var other = new TypeChoices("cart", durability, isMultiWriter, policy);
        Assert.Equal(new TypeContradiction(Cart, other), Assert.Single(types.Contradictions([Note, other, Tally])));
        Assert.Empty(types.Contradictions([Cart, Note]));
        Assert.Null(types.Record([Note, other]));
    }

    [Fact]
    public void Names_are_told_apart_by_every_letter()
    {
        var types = RecordedTypes.Empty.Record([Cart])!;
        Assert.Empty(types.Contradictions([Cart with { Type = "Cart", Durability = ShardFamily.Region }]));
    }

    [Fact]
    public void A_register_that_was_never_written_has_no_type_and_what_is_written_is_read()
    {
        Assert.Equal(0, RecordedTypesCodec.Decode(default).Count);
        var types = RecordedTypes.Empty.Record([Tally, Cart, Note])!;
        Assert.Equal(types.All, RecordedTypesCodec.Decode(RecordedTypesCodec.Encode(types)).All);
    }

    [Fact]
    public void What_is_damaged_or_of_a_newer_version_is_not_taken_for_types()
    {
        var bytes = RecordedTypesCodec.Encode(RecordedTypes.Empty.Record([Cart])!);
        for (var i = 0; i < bytes.Length; i++)
        {
            var damaged = bytes.ToArray();
            damaged[i] ^= 1;
            Assert.Throws<FormatException>(() => RecordedTypesCodec.Decode(damaged));
        }
    }
}
