using System.Collections.Concurrent;
using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>An observer is reached by its own cluster alone: what would keep it in another region refuses it, from every caller and wherever the home is.</summary>
[Collection(WorldCollection.Name)]
public sealed class ObserverTests(WorldFixture fixture)
{
    private readonly GeoTestCluster _world = fixture.World;

    [Theory]
    [InlineData("one", false)]
    [InlineData("one", true)]
    [InlineData("array", false)]
    [InlineData("list", false)]
    public async Task A_writing_method_refuses_observers_in_every_region(string how, bool isPlain)
    {
        var key = $"observed-{how}-{isPlain}";
        foreach (var region in _world.Regions)
        {
            await using var plain = isPlain ? await PlainClient.StartAsync(region) : null;
            IGrainFactory grains = plain?.Grains ?? region.Grains;
            var told = new Observer();
            var observer = grains.CreateObjectReference<IFeedObserver>(told);
            var feed = grains.GetGrain<IFeed>(key);
            var refused = await Assert.ThrowsAsync<GeoException>(() => Wait.ForAsync("it is refused", how switch
            {
                "one" => feed.Subscribe(observer),
                "array" => feed.SubscribeAll([observer]),
                _ => feed.SubscribeList([observer]),
            }));
            Assert.Equal(GeoErrorCode.NotForwardable, refused.Code);
            Assert.Contains("[ReadOnly]", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(1, await Wait.ForAsync("nothing was written", _world.Regions.First().Grains.GetGrain<IFeed>(key).Append("first")));
    }

    [Fact]
    public async Task A_reading_method_tells_observers_in_every_region()
    {
        foreach (var region in _world.Regions)
        {
            var told = new Observer();
            var observer = region.Cluster.Client.CreateObjectReference<IFeedObserver>(told);
            await Wait.ForAsync("the read is answered", region.Grains.GetGrain<IFeed>("told").Tell(observer, "hello"));
            Assert.Equal(["hello"], told.Texts);
        }
    }

    private sealed class Observer : IFeedObserver
    {
        public ConcurrentQueue<string> Texts { get; } = new();

        public Task Told(string text)
        {
            Texts.Enqueue(text);
            return Task.CompletedTask;
        }
    }
}
