using Orleans.Concurrency;

namespace OrleansGeo.Tests.Samples.Sagas;

[Alias("sample.orders")]
[GrainInterfaceType("sample.orders")]
public interface IOrders : IGrainWithStringKey
{
    /// <summary>Reserves the order in a stock, pays it from a wallet, confirms it to the stock.</summary>
    [Alias("order")]
    Task<OrderStep> Order(string order, string stock, string wallet);

    [ReadOnly]
    [Alias("steps")]
    Task<Dictionary<string, OrderStep>> Steps();
}
