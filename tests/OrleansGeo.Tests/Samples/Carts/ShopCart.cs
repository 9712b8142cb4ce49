using Orleans.Runtime;

namespace OrleansGeo.Tests.Samples.Carts;

[GrainType("sample.cart")]
[GeoGrain(Durability.Quorum)]
public sealed class ShopCart([PersistentState("cart", "geo")] IPersistentState<ShopCartState> cart) : Grain, IShopCart
{
    public async Task<int> Add(string sku, int quantity)
    {
        // It calls another entity after its own write: if its home is lost in between, the request is repeated from here, and must not add again.
        var request = GeoSession.NewGuid();
        if (!cart.State.Requests.TryGetValue(request, out var pieces))
        {
            cart.State.Lines[sku] = cart.State.Lines.GetValueOrDefault(sku) + quantity;
            pieces = cart.State.Requests[request] = cart.State.Lines.Values.Sum();
            await cart.WriteStateAsync();
        }

        await GrainFactory.GetGrain<ICartIndex>(CartIndex.Key).Note(this.GetPrimaryKeyString(), pieces);
        return pieces;
    }

    public Task<Dictionary<string, int>> Lines() => Task.FromResult(cart.State.Lines);
}
