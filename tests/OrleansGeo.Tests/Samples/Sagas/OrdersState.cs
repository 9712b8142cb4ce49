namespace OrleansGeo.Tests.Samples.Sagas;

[GenerateSerializer]
[Alias("sample.ordersstate")]
public sealed class OrdersState
{
    [Id(0)]
    public Dictionary<string, OrderStep> Steps { get; set; } = [];
}
