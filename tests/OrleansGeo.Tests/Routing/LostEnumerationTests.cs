using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Storage.Memory;
using OrleansGeo.Testing;
using OrleansGeo.Tests.Turns;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Routing;

/// <summary>Regions that are lost in the middle of an enumeration.</summary>
[MostlyWaits]
public sealed class LostEnumerationTests
{
    [Fact]
    public async Task An_enumeration_whose_region_is_lost_ends_with_an_error_and_repeats_and_skips_nothing()
    {
        await using var world = await GeoTestCluster.StartUnlinkedAsync(new()
        {
            CreateStore = static _ => new MemoryRegionStore(new MemoryRegionDisk()),
            ConfigureSilo = static silo => silo.Services.AddSingleton<CallLog>(),
        });
        await world.WhenSettledAsync();
        var key = world.KeyIn("westeurope", "test.serial", "lost");
        var feed = world["eastus2"].Grains.GetGrain<IFeed>(key);
        await feed.Publish(1);
        await using var elements = feed.Follow(CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await Wait.ForAsync("an element comes", elements.MoveNextAsync().AsTask()));
        Assert.Equal(1, elements.Current);

        // A cut that heals while nothing is under way costs nothing: the enumerator is where it was.
        world.Cut("eastus2", "westeurope");
        await Wait.UntilAsync("the link is down", () => Task.FromResult(!world.IsLinked("eastus2", "westeurope")));
        world.Heal("eastus2", "westeurope");
        await world["eastus2"].WhenLinkedToAsync(world["westeurope"].Region);
        await feed.Publish(2);
        Assert.True(await Wait.ForAsync("an element comes", elements.MoveNextAsync().AsTask()));
        Assert.Equal(2, elements.Current);

        var next = elements.MoveNextAsync().AsTask();
        world.Cut("eastus2", "westeurope");
        var aborted = await Assert.ThrowsAsync<GeoException>(() => Wait.ForAsync("the enumeration ends", next));
        Assert.Equal(GeoErrorCode.EnumerationAborted, aborted.Code);
        Assert.Contains("westeurope", aborted.Message, StringComparison.Ordinal);
    }
}
