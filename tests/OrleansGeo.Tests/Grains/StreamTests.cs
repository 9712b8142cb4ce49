using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Streams;
using OrleansGeo.Tests.Turns;
using OrleansGeo.Tests.Worlds;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Grains;

/// <summary>A stream belongs to one cluster: a geo grain, which is in all, can produce to it, and is told so when it subscribes.</summary>
[MostlyWaits]
public sealed class StreamTests
{
    [Fact]
    public async Task A_subscription_of_a_geo_grain_is_refused_and_what_it_produces_arrives()
    {
        await using var world = await StartAsync(configureSilo: static silo => silo.AddMemoryStreams(FollowsStream.Provider).AddMemoryGrainStorage("PubSubStore"));
        var key = world.World.KeyIn(West, "test.followsstream", "follows");
        foreach (var name in Names)
        {
            var grain = world[name].Grains.GetGrain<IFollowsStream>(key);
            foreach (var subscribe in new[] { grain.Subscribe, (Func<string, Task>)grain.SubscribeInRead })
            {
                var refused = await Assert.ThrowsAnyAsync<Exception>(() => Wait.ForAsync("it is refused", subscribe("news")));
                var error = Assert.IsType<GeoException>(refused.GetBaseException());
                Assert.Contains("plain grain", error.Message, StringComparison.Ordinal);
            }
        }

        // A plain subscriber of the home's cluster.
        var heard = new ConcurrentQueue<string>();
        var provider = world[West].Services.First().GetRequiredKeyedService<IStreamProvider>(FollowsStream.Provider);
        await provider.GetStream<string>("test", "news").SubscribeAsync((text, _) =>
        {
            heard.Enqueue(text);
            return Task.CompletedTask;
        });
        Assert.Equal(1, await Wait.ForAsync("it produces", world[East].Grains.GetGrain<IFollowsStream>(key).AppendThenProduce("news", "hello")));
        await Wait.UntilAsync("the subscriber heard it", () => Task.FromResult(heard.SequenceEqual(["hello"])));
    }
}
