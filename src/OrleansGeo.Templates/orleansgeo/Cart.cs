using Orleans.Concurrency;
using OrleansGeo;

namespace ShopNamespace;
public interface ICart : IGrainWithStringKey
{
    ValueTask<int> Add(string sku, int quantity);                    // what is not [ReadOnly] goes to the home
    [ReadOnly] ValueTask<int> Count(string sku);                     // answered by the caller's own region, which may be a little behind
}

[GenerateSerializer]
public sealed class CartState { [Id(0)] public Dictionary<string, int> Lines { get; set; } = []; }

[GeoGrain(Durability.Quorum)]                                        // the new line; and the state's storage is "geo"
public sealed class Cart([PersistentState("cart", "geo")] IPersistentState<CartState> cart) : Grain, ICart
{
    public async ValueTask<int> Add(string sku, int quantity)
    {
        var count = cart.State.Lines[sku] = cart.State.Lines.GetValueOrDefault(sku) + quantity;
        await cart.WriteStateAsync();
        return count;
    }
    public ValueTask<int> Count(string sku) => new(cart.State.Lines.GetValueOrDefault(sku));
}
