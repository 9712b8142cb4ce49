using Orleans.Concurrency;

namespace OrleansGeo.Tests.Samples.Carts;

[Alias("sample.cart")]
[GrainInterfaceType("sample.cart")]
public interface IShopCart : IGrainWithStringKey
{
    /// <summary>Adds to what is in the cart; the index of all carts then knows how many pieces that makes.</summary>
    [Alias("add")]
    Task<int> Add(string sku, int quantity);

    [ReadOnly]
    [Alias("lines")]
    Task<Dictionary<string, int>> Lines();
}
