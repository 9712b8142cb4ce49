using OrleansGeo.Tests.Worlds;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Samples.Sagas;

/// <summary>Three entities, each at home in another region.</summary>
internal sealed record Saga(string Customer, string Stock, string Wallet)
{
    public static Saga In(BreakableWorld world) =>
        new(world.World.KeyIn(East, "sample.orders", "ada"), world.World.KeyIn(West, "sample.stock", "stock"), world.World.KeyIn(Asia, "sample.wallet", "wallet"));

    public string KeyOf(string type) => type switch
    {
        "sample.orders" => Customer,
        "sample.stock" => Stock,
        _ => Wallet,
    };

    public Task<OrderStep> OrderAsync(IGrainFactory grains, string order) => grains.GetGrain<IOrders>(Customer).Order(order, Stock, Wallet);

    /// <summary>Every order is reserved once, paid once and confirmed once, and nothing else is, read through every region.</summary>
    public async Task AuditAsync(BreakableWorld world, IEnumerable<string> orders)
    {
        var expected = orders.Order(StringComparer.Ordinal).ToArray();
        foreach (var client in Names.Select(name => new SampleClient(world, name)))
        {
            Assert.Equal(expected, Sorted(await client.ReadAsync(grains => grains.GetGrain<IStock>(Stock).Reserved())));
            Assert.Equal(expected, Sorted(await client.ReadAsync(grains => grains.GetGrain<IWallet>(Wallet).Paid())));
            Assert.Equal(expected, Sorted(await client.ReadAsync(grains => grains.GetGrain<IStock>(Stock).Confirmed())));
            var steps = await client.ReadAsync(grains => grains.GetGrain<IOrders>(Customer).Steps());
            Assert.Equal(expected, Sorted(steps.Keys));
            Assert.All(steps.Values, static step => Assert.Equal(OrderStep.Confirmed, step));
        }
    }

    private static string[] Sorted(IEnumerable<string> orders) => [.. orders.Order(StringComparer.Ordinal)];
}
