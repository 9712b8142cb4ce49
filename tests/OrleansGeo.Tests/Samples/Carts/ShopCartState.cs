namespace OrleansGeo.Tests.Samples.Carts;

[GenerateSerializer]
[Alias("sample.cartstate")]
public sealed class ShopCartState
{
    [Id(0)]
    public Dictionary<string, int> Lines { get; set; } = [];
}
