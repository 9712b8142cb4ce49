namespace OrleansGeo.Tests.Samples.Carts;

[GenerateSerializer]
[Alias("sample.cartstate")]
public sealed class ShopCartState
{
    [Id(0)]
    public Dictionary<string, int> Lines { get; set; } = [];

    /// <summary>How many pieces there were after each request.</summary>
    [Id(1)]
    public Dictionary<Guid, int> Requests { get; set; } = [];
}
