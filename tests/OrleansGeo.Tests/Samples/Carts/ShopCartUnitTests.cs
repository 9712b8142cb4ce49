using OrleansGeo.Testing;

namespace OrleansGeo.Tests.Samples.Carts;

/// <summary>The cart's class alone, as its author tests it: no silo, no cluster, no region.</summary>
public sealed class ShopCartUnitTests
{
    [Fact]
    public async Task What_is_added_is_stored_and_told_to_the_index()
    {
        await using var ada = new GeoTestGrain<ShopCart>("ada");
        var index = new NotedCarts();
        ada.Grains.Set<ICartIndex>(CartIndex.Key, index);
        var cart = await ada.ActivateAsync();

        Assert.Equal(2, await cart.Add("book", 2));
        Assert.Equal(3, await cart.Add("lamp", 1));

        Assert.Equal(2, ada.State<ShopCartState>("cart").Stored.Lines["book"]);
        Assert.Equal([("ada", 2), ("ada", 3)], index.Notes);
    }

    [Fact]
    public async Task A_cart_that_is_activated_again_has_what_was_stored()
    {
        await using var ada = new GeoTestGrain<ShopCart>("ada");
        ada.Grains.Set<ICartIndex>(CartIndex.Key, new NotedCarts());
        ada.State<ShopCartState>("cart").Change(static stored => stored.Lines["book"] = 5);
        var cart = await ada.ActivateAsync();
        await cart.Add("book", 1);
        await ada.DeactivateAsync();

        Assert.Equal(6, (await (await ada.ActivateAsync()).Lines())["book"]);
    }

    [Fact]
    public async Task A_cart_whose_write_is_refused_tells_nothing_to_the_index()
    {
        await using var ada = new GeoTestGrain<ShopCart>("ada");
        var index = new NotedCarts();
        ada.Grains.Set<ICartIndex>(CartIndex.Key, index);
        var cart = await ada.ActivateAsync();
        ada.State<ShopCartState>("cart").FailNextWrite(new GeoError(GeoErrorCode.TooLarge, "As the test says.").ToException());

        await Assert.ThrowsAsync<GeoException>(() => cart.Add("book", 1));

        Assert.Empty(index.Notes);
        Assert.Empty(ada.State<ShopCartState>("cart").Stored.Lines);
    }

    [Fact]
    public async Task A_grain_that_the_test_did_not_give_is_named()
    {
        await using var ada = new GeoTestGrain<ShopCart>("ada");
        var cart = await ada.ActivateAsync();
        var missing = await Assert.ThrowsAsync<InvalidOperationException>(() => cart.Add("book", 1));
        Assert.Contains($"ICartIndex '{CartIndex.Key}'", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_index_which_derives_from_a_grain_with_state_keeps_it()
    {
        await using var all = new GeoTestGrain<CartIndex>(CartIndex.Key);
        await (await all.ActivateAsync()).Note("ada", 3);
        all.Crash();

        Assert.Equal(3, (await (await all.ActivateAsync()).Carts())["ada"]);
        Assert.Equal(3, all.State<CartIndexState>("state").Stored.Carts["ada"]);
    }

    private sealed class NotedCarts : ICartIndex
    {
        public List<(string Cart, int Pieces)> Notes { get; } = [];

        public Task Note(string cart, int pieces)
        {
            Notes.Add((cart, pieces));
            return Task.CompletedTask;
        }

        public Task<Dictionary<string, int>> Carts() => Task.FromResult(Notes.ToDictionary(static note => note.Cart, static note => note.Pieces));
    }
}
