using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>Code that goes on in the pool of threads writes a CRDT where rows of other regions are merged into it: on the grain's own thread.</summary>
[Collection(WorldCollection.Name)]
public sealed class PoolWriteTests(WorldFixture fixture)
{
    private readonly GeoTestCluster _world = fixture.World;

    [Fact]
    public async Task A_write_in_the_pool_takes_what_was_changed_once_the_grains_own_thread_is_free()
    {
        Barriers.Of("gathering inside").Open();
        var adding = Gathering("westeurope").AddInPool("first", "second", "gathering");
        await Wait.ForAsync("the writing request is inside", Barriers.Of("gathering inside").Reached);
        var keeping = Gathering("westeurope").KeepThread("gathering");
        await Wait.ForAsync("both are answered", Task.WhenAll(adding, keeping));
        var members = Array.Empty<string>();
        await Wait.UntilAsync("another region shows the write", async () => (members = await Gathering("eastus2").Members()).Length > 0);
        Assert.Equal(["first", "second"], members);
    }

    private IGathering Gathering(string region) => _world[region].Grains.GetGrain<IGathering>("pool");
}
