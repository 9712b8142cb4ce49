using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Operations;
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

    /// <summary>It waits for what requests bring, and those go to another object by then.</summary>
    [Fact]
    public async Task An_enumeration_that_waits_where_the_lease_ended_ends_with_an_error()
    {
        await using var world = await BreakableWorld.StartAsync();
        var key = world.World.KeyIn(BreakableWorld.West, "test.serial", "lapsed");
        await using var elements = await BeginAsync(world[BreakableWorld.West].Grains.GetGrain<IFeed>(key));
        var next = elements.MoveNextAsync().AsTask();
        world.World.Cut(BreakableWorld.West, BreakableWorld.East);
        world.World.Cut(BreakableWorld.West, BreakableWorld.Asia);
        await ShouldAbortAsync(next);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_enumeration_that_waits_ends_with_an_error_when_its_entity_moves(bool isAtHome)
    {
        await using var world = await BreakableWorld.StartAsync();
        var key = world.World.KeyIn(BreakableWorld.West, "test.serial", "moved");
        var feed = world[isAtHome ? BreakableWorld.West : BreakableWorld.Asia].Grains.GetGrain<IFeed>(key);
        await using var elements = await BeginAsync(feed);
        var next = elements.MoveNextAsync().AsTask();
        await world.Admin(BreakableWorld.West).PinAsync(feed, BreakableWorld.East);
        await ShouldAbortAsync(next);

        // Anew, where the entity is now.
        await using var again = await BeginAsync(feed);
    }

    private static async Task<IAsyncEnumerator<int>> BeginAsync(IFeed feed)
    {
        await feed.Publish(1);
        var elements = feed.Follow(CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await Wait.ForAsync("an element comes", elements.MoveNextAsync().AsTask()));
        Assert.Equal(1, elements.Current);
        return elements;
    }

    private static async Task ShouldAbortAsync(Task next)
    {
        var aborted = await Assert.ThrowsAsync<GeoException>(() => Wait.ForAsync("the enumeration ends", next));
        Assert.Equal(GeoErrorCode.EnumerationAborted, aborted.Code);
    }
}
