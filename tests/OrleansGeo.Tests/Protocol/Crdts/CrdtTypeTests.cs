using OrleansGeo.Crdts;

namespace OrleansGeo.Tests.Protocol.Crdts;

/// <summary>What the user's types promise, by example.</summary>
public sealed class CrdtTypeTests
{
    [Fact]
    public void Increments_of_all_regions_add_up()
    {
        var regions = new CrdtRegions<PNCounter>(3);
        regions.States[0].Increment(5);
        regions.States[1].Decrement(7);
        regions.States[2].Increment();
        Assert.Equal(5, regions.States[0].Value);
        regions.Meet();
        regions.Meet();
        Assert.All(regions.States, static counter => Assert.Equal(-1, counter.Value));
    }

    [Fact]
    public void A_counter_that_is_full_refuses_and_stays_as_it_was()
    {
        var regions = new CrdtRegions<GCounter>(2);
        regions.States[0].Increment(long.MaxValue);
        regions.States[1].Increment(long.MaxValue);
        var refused = Assert.Throws<GeoException>(() => regions.States[0].Increment());
        Assert.Equal(GeoErrorCode.CounterOverflow, refused.Code);
        Assert.Contains("9223372036854775807", refused.Message, StringComparison.Ordinal);
        regions.Meet();
        Assert.Equal(2 * (Int128)long.MaxValue, regions.States[0].Value);
    }

    [Fact]
    public void A_negative_amount_is_refused() =>
        Assert.Equal(GeoErrorCode.InvalidArgument, Assert.Throws<GeoException>(static () => new GCounter().Increment(-1)).Code);

    [Fact]
    public void An_add_wins_over_a_concurrent_remove()
    {
        var regions = new CrdtRegions<ObservedRemoveSet>(2);
        regions.States[0].Add("ada");
        regions.Meet();
        regions.States[0].Add("ada");
        Assert.True(regions.States[1].Remove("ada"));
        regions.Meet();
        regions.Meet();
        Assert.All(regions.States, static set => Assert.Equal(["ada"], set.Members));
    }

    [Fact]
    public void A_remove_takes_away_what_it_has_seen_from_whoever_added_it()
    {
        var regions = new CrdtRegions<ObservedRemoveSet>(3);
        regions.States[0].Add("ada");
        regions.States[1].Add("ada");
        regions.Meet();
        Assert.True(regions.States[2].Remove("ada"));
        Assert.False(regions.States[2].Remove("ada"));
        regions.Meet();
        Assert.All(regions.States, static set => Assert.False(set.Contains("ada")));
    }

    [Fact]
    public void Of_concurrent_values_the_later_wins_and_the_other_is_counted_once_for_ever()
    {
        var regions = new CrdtRegions<LastWriterWinsRegister>(2);
        regions.Clocks[1].Now += TimeSpan.FromSeconds(1);
        regions.States[0].Set("early");
        regions.States[1].Set("late");
        regions.Meet();
        regions.Meet();
        Assert.All(regions.States, static register => Assert.Equal(("late", 1L), (register.Value, register.Overruled)));
        regions.States[0].Set("next");
        regions.Meet();
        regions.States[1].Set("and next");
        regions.Meet();
        regions.Meet();
        Assert.All(regions.States, static register => Assert.Equal(("and next", 1L), (register.Value, register.Overruled)));
    }

    [Fact]
    public void A_write_replaces_what_it_has_seen_whatever_the_clocks_say()
    {
        var regions = new CrdtRegions<LastWriterWinsMap>(2);
        regions.Clocks[0].Now += TimeSpan.FromDays(1);
        regions.States[0].Set("mood", "calm");
        regions.Meet();
        regions.States[1].Set("mood", "gay");
        regions.Meet();
        regions.Meet();
        Assert.All(regions.States, static map => Assert.Equal(("gay", 0L), (map["mood"], map.Overruled)));
    }

    [Fact]
    public void A_concurrent_write_survives_a_remove()
    {
        var regions = new CrdtRegions<LastWriterWinsMap>(2);
        regions.States[0].Set("mood", "calm");
        regions.Meet();
        regions.States[0].Set("mood", "glad");
        regions.States[1].Remove("mood");
        regions.Meet();
        regions.Meet();
        Assert.All(regions.States, static map => Assert.Equal("glad", map["mood"]));
    }

    [Fact]
    public void Concurrent_values_stay_side_by_side_until_one_is_written_that_has_seen_them()
    {
        var regions = new CrdtRegions<MultiValueRegister>(3);
        regions.States[2].Set("c");
        regions.States[0].Set("a");
        regions.Meet();
        regions.Meet();
        Assert.All(regions.States, static register => Assert.Equal(["a", "c"], register.Values));
        regions.States[1].Set("b");
        regions.Meet();
        regions.Meet();
        Assert.All(regions.States, static register => Assert.Equal(["b"], register.Values));
    }

    [Fact]
    public void Any_text_can_be_a_member_and_none_is_another()
    {
        var regions = new CrdtRegions<GrowOnlySet>(2);
        string[] members = ["", "\0", "\u001E", "\u001E1", "\u001F", "\u001F\u001F", "a\u001Fb", "s\u001Fa", "🛩"];
        foreach (var member in members)
        {
            Assert.True(regions.States[0].Add(member));
            Assert.False(regions.States[0].Add(member));
        }

        regions.Meet();
        Assert.Equal(members.Order(StringComparer.Ordinal), regions.States[1].Members);
        Assert.Equal(GeoErrorCode.InvalidArgument, Assert.Throws<GeoException>(() => regions.States[0].Add("\uD83D")).Code);
    }

    [Fact]
    public void A_full_state_refuses_new_keys_and_takes_known_ones()
    {
        var regions = new CrdtRegions<LastWriterWinsMap>(1, maxKeys: 2);
        regions.States[0].Set("a", "1");
        regions.States[0].Set("b", "1");
        Assert.Equal(GeoErrorCode.TooLarge, Assert.Throws<GeoException>(() => regions.States[0].Set("c", "1")).Code);
        regions.States[0].Set("a", "2");
        Assert.Equal((2, "2", null), (regions.States[0].Count, regions.States[0]["a"], regions.States[0]["c"]));
        regions.States[0].Remove("a");
        regions.States[0].Set("c", "1");
    }

    [Fact]
    public void One_that_is_made_by_a_test_works_alone()
    {
        var set = new ObservedRemoveSet();
        set.Add("a");
        set.Add("b");
        set.Remove("a");
        Assert.Equal(["b"], set.Members);
        var register = new LastWriterWinsRegister();
        Assert.Null(register.Value);
        register.Set("x");
        register.Set("y");
        Assert.Equal(("y", 0L), (register.Value, register.Overruled));
    }
}
