using OrleansGeo.Tests.Turns;
using OrleansGeo.Tests.Worlds;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Grains;

/// <summary>Fields of replicas that became homes.</summary>
[MostlyWaits]
public sealed class FailoverMemoryTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_promoted_replica_answers_from_fields_of_the_newest_state(bool isPlanned)
    {
        await using var world = await StartAsync();
        var (index, cache) = (world.World.KeyIn(East, "test.index", "promoted"), world.World.KeyIn(East, "test.cache", "promoted"));
        for (var i = 1; i <= 9; i++)
        {
            foreach (var name in Names)
            {
                await Wait.ForAsync("a read is answered", Task.WhenAll(Index(name).Count(), Cache(name).Count()));
            }

            Assert.Equal(i, await Wait.ForAsync("a write is answered", Index(East).Append($"{i}")));
            Assert.Equal(i, await Wait.ForAsync("a write is answered", Cache(East).Append($"{i}")));
        }

        await (isPlanned ? world.DrainAsync(West, East) : world[East].StopAsync());
        await world.WhenHomesAsync(West, East, static count => count == 0);
        foreach (var name in new[] { West, Asia })
        {
            Assert.Equal(9, await Regions.StronglyAsync(() => Index(name).Count()));
            Assert.Equal(9, await Regions.StronglyAsync(() => Cache(name).Count()));
        }

        Assert.Equal(10, await Wait.ForAsync("a write is answered", Index(West).Append("10")));
        Assert.Equal(10, await Wait.ForAsync("a write is answered", Cache(West).Append("10")));

        IIndexed Index(string region) => world[region].Grains.GetGrain<IIndex>(index);

        IIndexed Cache(string region) => world[region].Grains.GetGrain<ICache>(cache);
    }
}
