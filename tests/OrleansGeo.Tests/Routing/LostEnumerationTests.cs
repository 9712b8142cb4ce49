using Microsoft.Extensions.DependencyInjection;
using OrleansGeo.Operations;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Storage.Memory;
using OrleansGeo.Testing;
using OrleansGeo.Tests.Grains;
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
        await Wait.ForAsync("the iterator ends", Barriers.Of($"{key} is followed no more").Reached);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_enumeration_that_waits_ends_with_an_error_when_its_entity_moves(bool isAtHome)
    {
        await using var world = await StartPatientAsync();
        var key = world.World.KeyIn(BreakableWorld.West, "test.serial", $"moved-{isAtHome}");
        var feed = world[isAtHome ? BreakableWorld.West : BreakableWorld.Asia].Grains.GetGrain<IFeed>(key);
        await using var elements = await BeginAsync(feed);
        var next = elements.MoveNextAsync().AsTask();
        await world.Admin(BreakableWorld.West).PinAsync(feed, BreakableWorld.East);
        await ShouldAbortAsync(next);

        await Wait.ForAsync("the iterator ends", Barriers.Of($"{key} is followed no more").Reached);

        // Anew, where the entity is now.
        await using var again = await BeginAsync(feed);
    }

    /// <summary>Nothing tells the object: it has nothing in memory that would have to be written before.</summary>
    [Fact]
    public async Task An_enumeration_of_an_object_without_memory_ends_with_an_error_when_its_entity_moves()
    {
        await using var world = await StartPatientAsync();
        var key = world.World.KeyIn(BreakableWorld.West, "test.lookout", "moved");
        var watched = world[BreakableWorld.Asia].Grains.GetGrain<ILookout>(key);
        await using var elements = watched.Watch(CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await Wait.ForAsync("an element comes", elements.MoveNextAsync().AsTask()));
        var next = elements.MoveNextAsync().AsTask();
        await world.Admin(BreakableWorld.West).PinAsync(watched, BreakableWorld.East);
        await ShouldAbortAsync(next);
    }

    /// <summary>The move does not wait for the request, and leaves the object as it is.</summary>
    [Fact]
    public async Task An_enumeration_ends_with_an_error_when_its_entity_moves_while_a_request_runs()
    {
        await using var world = await StartPatientAsync();
        var key = world.World.KeyIn(BreakableWorld.West, "test.serial", "busy");
        var feed = world[BreakableWorld.West].Grains.GetGrain<IFeed>(key);
        await using var elements = await BeginAsync(feed);
        var next = elements.MoveNextAsync().AsTask();
        var barrier = Barriers.Of($"{key} is held");
        var held = feed.Hold();
        await Wait.ForAsync("the request runs", barrier.Reached);
        await world.Admin(BreakableWorld.West).PinAsync(feed, BreakableWorld.East);
        await ShouldAbortAsync(next);
        barrier.Open();
        await Wait.ForAsync("the request ends", held);
    }

    /// <summary>Nothing here needs a lease to end, and one that lapsed by chance would replace the object.</summary>
    private static Task<BreakableWorld> StartPatientAsync() => BreakableWorld.StartAsync(
        configureSilo: static silo => silo.Services.PostConfigure<FailoverOptions>(static failover => failover.LeaseDuration = TimeSpan.FromSeconds(12)));

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
