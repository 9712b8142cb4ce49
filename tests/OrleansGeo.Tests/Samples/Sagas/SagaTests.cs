using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using OrleansGeo.Tests.Turns;
using OrleansGeo.Tests.Worlds;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Samples.Sagas;

/// <summary>Orders that are reserved, paid and confirmed at three entities, and repeated under their key until they are done.</summary>
[MostlyWaits]
[Trait("Check", "Long")]
public sealed class SagaTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Each_step_of_every_order_happens_once_through_moves_a_drain_and_a_lost_region()
    {
        await using var world = await StartAsync();
        var saga = Saga.In(world);
        var orders = new ConcurrentQueue<string>();
        var load = new SampleLoad(world, async (client, number) =>
        {
            var order = $"{client.Region}-{number}";
            Assert.Equal(OrderStep.Confirmed, await client.AskAsync(order, grains => saga.OrderAsync(grains, order)));
            orders.Enqueue(order);
        });
        await new Mishaps(world, load).HappenAsync(GrainId.Create("sample.orders", saga.Customer));
        await load.StopAsync();

        await saga.AuditAsync(world, orders);
    }

    [Theory]
    [InlineData("sample.orders")]
    [InlineData("sample.stock")]
    [InlineData("sample.wallet")]
    public async Task An_order_during_which_an_entity_is_moved_after_the_payment_is_confirmed(string moved)
    {
        var pause = new SagaPause();
        await using var world = await StartAsync(configureSilo: silo => silo.Services.AddSingleton(pause));
        var saga = Saga.In(world);
        var order = new SampleClient(world, West).AskAsync("order", grains => saga.OrderAsync(grains, "order"));
        await pause.Entered.WaitAsync(Patience);
        var move = world.Admin(West).PinAsync(GrainId.Create(moved, saga.KeyOf(moved)), new(Asia));
        pause.Release();
        await move.WaitAsync(Patience);

        Assert.Equal(OrderStep.Confirmed, await order.WaitAsync(Patience));
        await saga.AuditAsync(world, ["order"]);
    }

    /// <summary>The repeated request confirms without reserving and paying before: its first call is not the first call of the request.</summary>
    [Fact]
    public async Task An_order_whose_customers_home_is_lost_after_the_payment_is_confirmed()
    {
        var pause = new SagaPause();
        await using var world = await StartAsync(configureSilo: silo => silo.Services.AddSingleton(pause));
        var saga = Saga.In(world);
        var order = new SampleClient(world, West).AskAsync("order", grains => saga.OrderAsync(grains, "order"));
        await pause.Entered.WaitAsync(Patience);
        world.CutOff(East);
        world.DiskOf(East).Crash();
        pause.Release();
        await world[East].StopAsync();

        Assert.Equal(OrderStep.Confirmed, await order.WaitAsync(Patience));
        await world[East].StartAsync();
        await world.RejoinAsync(East);
        await saga.AuditAsync(world, ["order"]);
    }
}
