using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>A method that returns a stream works from every region.</summary>
[Collection(WorldCollection.Name)]
public sealed class AsyncEnumerableTests(WorldFixture fixture)
{
    private readonly GeoTestCluster _world = fixture.World;

    [Fact]
    public async Task What_a_stream_yields_comes_in_order_to_every_region()
    {
        string[] lines = [.. Enumerable.Range(0, 250).Select(static i => $"{i}")];
        foreach (var line in lines)
        {
            await Wait.ForAsync("a write is answered", Feed(_world.Regions.First(), "ordered").Append(line));
        }

        foreach (var region in _world.Regions)
        {
            Assert.Equal(lines, await Wait.ForAsync("the stream ends", AllAsync(Feed(region, "ordered").Lines())));
            await Wait.UntilAsync($"a stream of what {region.Region} reads ends", async () => (await AllAsync(Feed(region, "ordered").ReadLines())).SequenceEqual(lines));
        }
    }

    [Fact]
    public async Task A_stream_writes_at_the_home_while_it_is_read()
    {
        var total = 0;
        foreach (var region in _world.Regions)
        {
            Assert.Equal("1 2 3", string.Join(" ", await Wait.ForAsync("the stream ends", AllAsync(Feed(region, "writing").Count(3, thenThrow: false)))));
            total += 3;
            Assert.Equal(total + 1, await Wait.ForAsync("a write is answered", Feed(region, "writing").Append("after")));
            total++;
        }
    }

    [Fact]
    public async Task A_stream_that_throws_passes_the_exception_on_after_what_it_yielded()
    {
        foreach (var region in _world.Regions)
        {
            var seen = new List<int>();
            var thrown = await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Wait.ForAsync("the stream throws", AllAsync(Feed(region, "throwing").Count(3, thenThrow: true), seen)));
            Assert.Equal("as asked", thrown.Message);
            Assert.Equal([1, 2, 3], seen);
        }
    }

    [Fact]
    public async Task A_stream_that_is_left_early_leaves_the_entity_free()
    {
        foreach (var region in _world.Regions)
        {
            await foreach (var i in Feed(region, "early").Count(1000, thenThrow: false))
            {
                if (i == 2)
                {
                    break;
                }
            }

            await Wait.ForAsync("a write is answered", Feed(region, "early").Append("after"));
        }
    }

    private static IFeed Feed(GeoTestRegion region, string key) => region.Grains.GetGrain<IFeed>(key);

    private static async Task<T[]> AllAsync<T>(IAsyncEnumerable<T> stream, List<T>? seen = null)
    {
        seen ??= [];
        await foreach (var item in stream)
        {
            seen.Add(item);
        }

        return [.. seen];
    }
}
