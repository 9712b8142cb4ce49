using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace OrleansGeo.Tests.Samples.Sagas;

/// <summary>One customer's orders. Each step is stored, so that a repeated request goes on where the one before ended.</summary>
[GrainType("sample.orders")]
[GeoGrain(Durability.Quorum)]
public sealed class Orders([PersistentState("orders", "geo")] IPersistentState<OrdersState> orders) : Grain, IOrders
{
    public async Task<OrderStep> Order(string order, string stock, string wallet)
    {
        var step = orders.State.Steps.GetValueOrDefault(order);
        if (step < OrderStep.Reserved)
        {
            await GrainFactory.GetGrain<IStock>(stock).Reserve(order);
            await Reach(order, OrderStep.Reserved);
        }

        if (step < OrderStep.Paid)
        {
            await GrainFactory.GetGrain<IWallet>(wallet).Pay(order);
            await Reach(order, OrderStep.Paid);
        }

        if (ServiceProvider.GetService<SagaPause>() is not null)
        {
            await GrainFactory.GetGrain<IOrderPause>(this.GetPrimaryKeyString()).Pass();
        }

        if (step < OrderStep.Confirmed)
        {
            await GrainFactory.GetGrain<IStock>(stock).Confirm(order);
            await Reach(order, OrderStep.Confirmed);
        }

        return orders.State.Steps[order];
    }

    public Task<Dictionary<string, OrderStep>> Steps() => Task.FromResult(orders.State.Steps);

    private Task Reach(string order, OrderStep step)
    {
        orders.State.Steps[order] = step;
        return orders.WriteStateAsync();
    }
}
