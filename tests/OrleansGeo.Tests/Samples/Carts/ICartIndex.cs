using Orleans.Concurrency;

namespace OrleansGeo.Tests.Samples.Carts;

[Alias("sample.cartindex")]
[GrainInterfaceType("sample.cartindex")]
public interface ICartIndex : IGrainWithStringKey
{
    [Alias("note")]
    Task Note(string cart, int pieces);

    [ReadOnly]
    [Alias("carts")]
    Task<Dictionary<string, int>> Carts();
}
