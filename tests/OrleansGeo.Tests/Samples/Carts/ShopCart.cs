using Orleans.Runtime;
using OrleansGeo.Abstractions.Grains;

namespace OrleansGeo.Tests.Samples.Carts;

[GrainType("sample.cart")]
[GeoGrain(Durability.Quorum)]
public sealed class ShopCart([PersistentState("cart", "geo")] IPersistentState<ShopCartState> cart) : Grain, IShopCart
{
    public async Task<int> Add(string sku, int quantity)
    {
        cart.State.Lines[sku] = cart.State.Lines.GetValueOrDefault(sku) + quantity;
        await cart.WriteStateAsync();
        var pieces = cart.State.Lines.Values.Sum();
        await GrainFactory.GetGrain<ICartIndex>(CartIndex.Key).Note(this.GetPrimaryKeyString(), pieces);
        return pieces;
    }

    public Task<Dictionary<string, int>> Lines() => Task.FromResult(cart.State.Lines);
}
