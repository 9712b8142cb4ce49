namespace OrleansGeo.Tests.Samples.Sagas;

[GenerateSerializer]
[Alias("sample.stockstate")]
public sealed class StockState
{
    [Id(0)]
    public List<string> Reserved { get; set; } = [];

    [Id(1)]
    public List<string> Confirmed { get; set; } = [];
}
