namespace OrleansGeo.Tests.Samples.Carts;

[GenerateSerializer]
[Alias("sample.cartindexstate")]
public sealed class CartIndexState
{
    [Id(0)]
    public Dictionary<string, int> Carts { get; set; } = [];

    /// <summary>How often it was told, so that a note that counts twice shows.</summary>
    [Id(1)]
    public int Notes { get; set; }
}
