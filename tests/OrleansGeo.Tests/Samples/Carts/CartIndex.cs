using Orleans.Providers;

namespace OrleansGeo.Tests.Samples.Carts;

/// <summary>Which carts there are: the older way to have a state.</summary>
[GrainType("sample.cartindex")]
[GeoGrain(Durability.Quorum)]
[StorageProvider(ProviderName = "geo")]
public sealed class CartIndex : Grain<CartIndexState>, ICartIndex
{
    public const string Key = "all";

    /// <summary>Beside the carts: no cart has this name.</summary>
    public const string Notes = "#notes";

    public Task Note(string cart, int pieces)
    {
        State.Carts[cart] = Math.Max(pieces, State.Carts.GetValueOrDefault(cart));
        State.Notes++;
        return WriteStateAsync();
    }

    public Task<Dictionary<string, int>> Carts() => Task.FromResult(new Dictionary<string, int>(State.Carts) { [Notes] = State.Notes });
}
