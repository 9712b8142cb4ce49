using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Tests.Turns;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Worlds;

/// <summary>Entities that move to the region from which they are written.</summary>
[MostlyWaits]
public sealed class FollowTests
{
    [Fact]
    public async Task An_entity_follows_its_writers_there_and_back_and_stays_where_an_operator_pinned_it()
    {
        await using var world = await StartAsync(configureSilo: static silo => silo.Services.Configure<FollowOptions>(static follow =>
            (follow.Window, follow.Windows, follow.Writes) = (TimeSpan.FromMilliseconds(200), 2, 4)));
        var key = world.World.KeyIn(West, "test.follower", "f");
        var entity = GrainId.Create("test.follower", key);
        var counts = new Dictionary<string, int>();
        await WriteUntilAsync(East, key, static home => home == East);
        await Wait.UntilAsync("East lists it as one that follows", async () => (await world.Admin(East).GetPinsAsync()).Pins is [var pin]
            && (pin.Entity, pin.Region.Name, pin.IsFollowing) == (entity, East, true));

        // Back to the shard of its key, which is at home there.
        await WriteUntilAsync(West, key, static home => home == West);
        await Wait.UntilAsync("it is where its key says", async () => !(await world.Admin(West).LocateAsync(entity)).IsPinned);

        // Written from elsewhere for as long as another one takes to follow.
        await world.Admin(Asia).PinAsync(entity, new(Asia));
        var other = world.World.KeyIn(West, "test.follower", "other");
        await Wait.UntilAsync("the other one follows", async () =>
        {
            Assert.Equal(Asia, await WriteAsync(East, key));
            return await WriteAsync(East, other) == East;
        });

        async Task WriteUntilAsync(string region, string name, Func<string, bool> condition) => await Wait.UntilAsync(
            $"the home of {name} is right when {region} writes it", async () => condition(await WriteAsync(region, name)));

        async Task<string> WriteAsync(string region, string name)
        {
            using var session = GeoSession.Begin(new());
            var count = counts[name] = counts.GetValueOrDefault(name) + 1;
            Assert.Equal(count, await world[region].Grains.GetGrain<IFollower>(name).Count());
            return session.Last!.Value.Home.Name;
        }
    }
}
