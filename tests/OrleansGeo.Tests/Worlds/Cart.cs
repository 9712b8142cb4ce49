using Orleans.Runtime;

namespace OrleansGeo.Tests.Worlds;

[GenerateSerializer]
[Alias("test.cartstate")]
public sealed class CartState
{
    [Id(0)]
    public Dictionary<string, int> Lines { get; set; } = [];
}

/// <summary>No codec: stored as JSON.</summary>
public sealed class PlainAudit
{
    public int Changes { get; set; }
}

[GrainType("test.cart")]
[GeoGrain(Durability.Quorum)]
public sealed class Cart(
    [PersistentState("cart", "geo")] IPersistentState<CartState> cart,
    [PersistentState("audit", "geo")] IPersistentState<PlainAudit> audit) : Grain, ICart
{
    public async ValueTask<int> Add(string sku, int quantity)
    {
        await AddTask(sku, quantity, CancellationToken.None);
        return cart.State.Lines[sku];
    }

    public async Task AddTask(string sku, int quantity, CancellationToken cancellationToken)
    {
        cart.State.Lines[sku] = cart.State.Lines.GetValueOrDefault(sku) + quantity;
        audit.State.Changes++;
        await cart.WriteStateAsync(cancellationToken);
        await audit.WriteStateAsync(cancellationToken);
    }

    public async Task Clear()
    {
        await cart.ClearStateAsync();
        await audit.ClearStateAsync();
    }

    public async Task<int> AddThenThrow(string sku)
    {
        await Add(sku, 1);
        throw new InvalidTimeZoneException("as asked");
    }

    public ValueTask<int> Count(string sku) => new(cart.State.Lines.GetValueOrDefault(sku));

    public Task WriteInRead() => cart.WriteStateAsync();

    public Task Observe(ICartObserver observer) => Task.CompletedTask;
}
