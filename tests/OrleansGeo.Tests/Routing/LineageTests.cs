using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using OrleansGeo.Runtime.Routing;

namespace OrleansGeo.Tests.Routing;

public sealed class LineageTests
{
    [Fact]
    public void A_lineage_knows_the_turns_that_wait_and_no_others()
    {
        var (first, second, stranger) = (TurnId.Next(), TurnId.Next(), TurnId.Next());
        var lineage = Lineage.Extend(Lineage.Extend(null, first, "cart/a"), second, "cart/b");
        Assert.True(lineage.Contains(first));
        Assert.True(lineage.Contains(second));
        Assert.False(lineage.Contains(stranger));
    }

    [Fact]
    public void A_cycle_is_described_from_where_it_begins()
    {
        var lineage = Lineage.Extend(Lineage.Extend(Lineage.Extend(null, TurnId.Next(), "root"), TurnId.Next(), "cart/a"), TurnId.Next(), "cart/b");
        Assert.Equal("cart/a → cart/b → cart/a", lineage.Describe("cart/a"));
    }

    [Fact]
    public void A_lineage_arrives_as_it_left()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        var turn = TurnId.Next();
        var arrived = Lineage.Decode(serializer, Lineage.Extend(null, turn, "cart/ä").Encode(serializer))!;
        Assert.True(arrived.Contains(turn));
        Assert.Equal("cart/ä → cart/ä", arrived.Describe("cart/ä"));
    }

    [Fact]
    public void A_lineage_does_not_grow_for_ever()
    {
        var newest = TurnId.Next();
        Lineage? lineage = null;
        for (var i = 0; i < 1000; i++)
        {
            lineage = Lineage.Extend(lineage, TurnId.Next(), "cart/a");
        }

        lineage = Lineage.Extend(lineage, newest, "cart/b");
        Assert.InRange(lineage.Steps.Length, 2, 100);
        Assert.True(lineage.Contains(newest));
    }
}
