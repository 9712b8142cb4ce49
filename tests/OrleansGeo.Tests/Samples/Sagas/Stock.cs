using Orleans.Runtime;

namespace OrleansGeo.Tests.Samples.Sagas;

[GrainType("sample.stock")]
[GeoGrain(Durability.Quorum)]
public sealed class Stock([PersistentState("stock", "geo")] IPersistentState<StockState> stock) : Grain, IStock
{
    public Task Reserve(string order)
    {
        stock.State.Reserved.Add(order);
        return stock.WriteStateAsync();
    }

    public Task Confirm(string order)
    {
        stock.State.Confirmed.Add(order);
        return stock.WriteStateAsync();
    }

    public Task<string[]> Reserved() => Task.FromResult(stock.State.Reserved.ToArray());

    public Task<string[]> Confirmed() => Task.FromResult(stock.State.Confirmed.ToArray());
}
