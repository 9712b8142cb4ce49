using System.Collections.Concurrent;
using Orleans.Runtime;
using OrleansGeo.Tests.Turns;
using OrleansGeo.Tests.Worlds;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Samples.Inventories;

/// <summary>A grain with an index in a field, in three regions.</summary>
[MostlyWaits]
[Trait("Check", "Long")]
public sealed class InventoryTests
{
    private const int ProductsOfACaller = 7;

    [Fact]
    public async Task An_index_that_is_derived_at_activation_agrees_with_the_state_in_every_answer_of_every_region()
    {
        await using var world = await StartAsync();
        var key = world.World.KeyIn(East, "sample.inventory", "inventory");
        var expected = new ConcurrentDictionary<string, string>();
        var differing = new ConcurrentQueue<string>();
        var load = new SampleLoad(world, async (client, number) =>
        {
            var (product, category) = ($"{client.Region}-{number % ProductsOfACaller}", $"{number % 3}");
            if (number % 5 == 4)
            {
                await client.AskAsync($"{client.Region}-{number}", grains => grains.GetGrain<IInventory>(key).Remove(product));
                expected.TryRemove(product, out _);
            }
            else
            {
                await client.AskAsync($"{client.Region}-{number}", grains => grains.GetGrain<IInventory>(key).Put(product, category));
                expected[product] = category;
            }

            // A read of each region's own copy, while the others write.
            var view = await client.LookAsync(grains => grains.GetGrain<IInventory>(key).Look());
            if (view is not null && !view.Stored.SequenceEqual(view.Indexed))
            {
                differing.Enqueue($"{client.Region}: stored {string.Join(' ', view.Stored)}; indexed {string.Join(' ', view.Indexed)}");
            }
        });
        await new Mishaps(world, load).HappenAsync(GrainId.Create("sample.inventory", key));
        await load.StopAsync();

        Assert.Empty(differing);
        var products = expected.Select(static entry => $"{entry.Value}/{entry.Key}").Order(StringComparer.Ordinal).ToArray();
        foreach (var client in Names.Select(name => new SampleClient(world, name)))
        {
            var view = await client.ReadAsync(grains => grains.GetGrain<IInventory>(key).Look());
            Assert.Equal(products, view.Stored);
            Assert.Equal(products, view.Indexed);
            await Wait.UntilAsync($"{client.Region} shows all", async () => (await client.ReadLocalAsync(grains => grains.GetGrain<IInventory>(key).Look())).Stored.SequenceEqual(products));
            Assert.Equal(products, (await client.ReadLocalAsync(grains => grains.GetGrain<IInventory>(key).Look())).Indexed);
        }
    }
}
