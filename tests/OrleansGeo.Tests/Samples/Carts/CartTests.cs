using System.Collections.Concurrent;
using Orleans.Runtime;
using OrleansGeo.Tests.Turns;
using OrleansGeo.Tests.Worlds;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Samples.Carts;

/// <summary>Carts, and the index of all of them, in three regions.</summary>
[MostlyWaits]
[Trait("Check", "Long")]
public sealed class CartTests
{
    private static readonly string[] Skus = ["book", "lamp", "pen"];

    [Fact]
    public async Task Every_cart_and_the_index_of_carts_hold_what_was_added_through_moves_a_drain_and_a_lost_region()
    {
        await using var world = await StartAsync();
        var keys = Names.Select(name => world.World.KeyIn(name, "sample.cart", "cart")).ToArray();
        var added = new ConcurrentDictionary<(string Cart, string Sku), int>();
        var requests = 0;
        var load = new SampleLoad(world, async (client, number) =>
        {
            var (cart, sku) = (keys[number % keys.Length], Skus[number / keys.Length % Skus.Length]);
            await client.AskAsync($"{client.Region}-{number}", grains => grains.GetGrain<IShopCart>(cart).Add(sku, 1));
            added.AddOrUpdate((cart, sku), 1, static (_, count) => count + 1);
            Interlocked.Increment(ref requests);
        });
        await new Mishaps(world, load).HappenAsync(GrainId.Create("sample.cart", keys[1]));
        await load.StopAsync();

        foreach (var client in Names.Select(name => new SampleClient(world, name)))
        {
            var index = await client.ReadAsync(static grains => grains.GetGrain<ICartIndex>(CartIndex.Key).Carts());
            foreach (var key in keys)
            {
                var lines = await client.ReadAsync(grains => grains.GetGrain<IShopCart>(key).Lines());
                Assert.Equal(
                    added.Where(entry => entry.Key.Cart == key).OrderBy(static entry => entry.Key.Sku).Select(static entry => (entry.Key.Sku, entry.Value)),
                    lines.OrderBy(static line => line.Key).Select(static line => (line.Key, line.Value)));
                Assert.Equal(lines.Values.Sum(), index[key]);
            }

            Assert.Equal(requests, index[CartIndex.Notes]);
        }
    }
}
