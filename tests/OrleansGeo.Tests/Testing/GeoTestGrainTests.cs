using Orleans.Runtime;
using OrleansGeo.Crdts;
using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Testing;

/// <summary>What a grain under test has of a runtime, and what it has not.</summary>
public sealed class GeoTestGrainTests
{
    [Fact]
    public async Task A_state_begins_as_its_constructor_makes_it_and_its_etag_moves_with_writes()
    {
        await using var test = new GeoTestGrain<Ledger>("ledger");
        var ledger = await test.ActivateAsync();
        var state = test.State<LedgerState>("ledger");
        Assert.Equal((null, false, 0), (state.Etag, state.RecordExists, state.State.Lines.Count));

        await ledger.Append("a");
        var first = state.Etag;
        await ledger.Append("b");

        Assert.True(state.RecordExists);
        Assert.NotNull(first);
        Assert.NotEqual(first, state.Etag);
        await state.ClearStateAsync();
        Assert.Equal((false, 0), (state.RecordExists, state.State.Lines.Count));
    }

    [Fact]
    public async Task A_read_takes_back_what_was_not_written()
    {
        await using var test = new GeoTestGrain<Ledger>("ledger");
        var ledger = await test.ActivateAsync();
        await ledger.Append("a");
        var state = test.State<LedgerState>("ledger");
        state.FailNextWrite(new GeoError(GeoErrorCode.TooLarge, "As the test says.").ToException());
        await Assert.ThrowsAsync<GeoException>(() => ledger.Append("b"));
        Assert.Equal(["a", "b"], state.State.Lines);

        await state.ReadStateAsync();

        Assert.Equal(["a"], state.State.Lines);
    }

    [Fact]
    public async Task A_member_that_is_not_serialized_is_missing_in_what_is_stored_and_at_the_next_activation()
    {
        await using var test = new GeoTestGrain<Ledger>("ledger");
        await test.ActivateAsync();
        var state = test.State<ForgetfulState>("forgetful");
        (state.State.Kept, state.State.Forgotten) = ("kept", "forgotten");
        await state.WriteStateAsync();
        Assert.Equal(("kept", null), (state.Stored.Kept, state.Stored.Forgotten));

        test.Crash();
        await test.ActivateAsync();

        Assert.Equal(("kept", null), (state.State.Kept, state.State.Forgotten));
    }

    [Fact]
    public async Task A_grain_knows_its_key_its_services_and_asks_to_be_deactivated()
    {
        var key = Guid.NewGuid();
        await using var test = new GeoTestGrain<Ledger>(key);
        Assert.Equal(key, (await test.ActivateAsync()).GetPrimaryKey());
        test.Crash();

        await using var numbered = new GeoTestGrain<Ledger>(7);
        var ledger = await numbered.ActivateAsync();
        Assert.Equal(7, ledger.GetPrimaryKeyLong());
        Assert.False(numbered.WantsToDeactivate);
        ledger.DeactivateOnIdle();
        Assert.True(numbered.WantsToDeactivate);
    }

    [Fact]
    public async Task A_crdt_is_written_by_the_grain_and_merges_what_another_region_wrote()
    {
        await using var test = new GeoTestGrain<Tally>("tally");
        var tally = await test.ActivateAsync();
        await tally.Join("ada");
        await tally.Add(3);
        var count = test.State<PNCounter>("count");

        count.Change(static elsewhere => elsewhere.Increment(10));
        Assert.Equal(14, await tally.Count());
        count.FailNextWrite(new GeoError(GeoErrorCode.RegionIsolated, "As the test says.").ToException());
        await Assert.ThrowsAsync<GeoException>(() => tally.Add(5));
        Assert.Equal(14, await tally.Count());
        await test.DeactivateAsync();

        tally = await test.ActivateAsync();
        Assert.Equal(14, await tally.Count());
        Assert.Equal(["ada"], await tally.Members());
        Assert.Equal(GeoErrorCode.InvalidArgument, Assert.Throws<GeoException>(() => count.State = new()).Code);
    }

    [Fact]
    public async Task What_needs_a_cluster_says_so()
    {
        await using var test = new GeoTestGrain<Ledger>("ledger");
        var ledger = await test.ActivateAsync();
        Assert.Contains(nameof(OrleansGeo.Testing.GeoTestCluster), Assert.Throws<NotSupportedException>(() => ledger.GrainReference).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => test.ActivateAsync());
        Assert.Throws<InvalidOperationException>(() => test.State<CartState>("ledger"));
    }

    /// <summary>A class that takes its context derives from nothing.</summary>
    [Fact]
    public async Task A_grain_without_a_base_class_gets_its_context_and_other_grains_by_its_constructor()
    {
        await using var test = new GeoTestGrain<BareMemo>("bare");
        test.Grains.Set<ITally>("tally", await new GeoTestGrain<Tally>("tally").ActivateAsync());
        var memo = await test.ActivateAsync();
        Assert.Equal("bare", memo.GrainContext.GrainId.Key.ToString());
        Assert.Equal(2, await memo.AddTwo());
    }
}
