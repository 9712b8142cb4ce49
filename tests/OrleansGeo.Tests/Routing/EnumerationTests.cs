using Orleans.Runtime;
using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Routing;

[Collection(WorldCollection.Name)]
public sealed class EnumerationTests(WorldFixture fixture)
{
    private const int Many = 250;

    private readonly GeoTestCluster _world = fixture.World;

    [Fact]
    public async Task An_enumeration_is_served_by_the_home_from_any_region()
    {
        var home = _world.HomeOf("test.serial", "any");
        foreach (var region in _world.Regions)
        {
            Assert.Equal(Expected(home), await ListAsync(region.Grains.GetGrain<IFeed>("any").Take(Many)));
        }
    }

    [Fact]
    public async Task An_enumeration_that_only_reads_is_served_by_the_callers_own_region()
    {
        foreach (var region in _world.Regions)
        {
            Assert.Equal(Expected(region), await ListAsync(region.Grains.GetGrain<IFeed>("own").TakeLocal(Many)));
        }
    }

    [Fact]
    public async Task A_strong_enumeration_is_served_by_the_home()
    {
        var (home, away) = _world.HomeAndAway("test.serial", "strong");
        using var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
        Assert.Equal(Expected(home), await ListAsync(away.Grains.GetGrain<IFeed>("strong").TakeLocal(Many)));
    }

    [Fact]
    public async Task An_enumeration_that_cannot_keep_its_sessions_promise_is_refused()
    {
        using var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Session });
        var refused = await Assert.ThrowsAsync<GeoException>(() => ListAsync(_world.Regions.First().Grains.GetGrain<IFeed>("session").TakeLocal(1)));
        Assert.Equal(GeoErrorCode.NotForwardable, refused.Code);
        Assert.Contains("IFeed.TakeLocal", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_enumeration_waits_for_what_other_requests_bring_and_ends_when_it_is_cancelled()
    {
        var (_, away) = _world.HomeAndAway("test.serial", "follow");
        var feed = away.Grains.GetGrain<IFeed>("follow");
        using var cancellation = new CancellationTokenSource();
        List<int> seen = [];
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await feed.Publish(0);
            await foreach (var number in feed.Follow(cancellation.Token))
            {
                seen.Add(number);
                if (number < 5)
                {
                    await feed.Publish(number + 1);
                }
                else
                {
                    await cancellation.CancelAsync();
                }
            }
        });
        Assert.Equal([0, 1, 2, 3, 4, 5], seen);
    }

    [Fact]
    public async Task What_an_enumeration_throws_arrives_after_its_elements()
    {
        foreach (var region in _world.Regions)
        {
            List<int> seen = [];
            var thrown = await Assert.ThrowsAsync<InvalidTimeZoneException>(async () =>
            {
                await foreach (var number in region.Grains.GetGrain<IFeed>("fails").FailAfterOne())
                {
                    seen.Add(number);
                }
            });
            Assert.Equal("as asked", thrown.Message);
            Assert.Equal([1], seen);
        }
    }

    [Fact]
    public async Task A_read_with_an_observer_runs_in_the_callers_region()
    {
        foreach (var region in _world.Regions)
        {
            var seen = new Observer();
            var observer = region.Cluster.Client.CreateObjectReference<ICartObserver>(seen);
            Assert.Equal(1, await region.Grains.GetGrain<IErrand>("watched").Watch(observer));
            Assert.Equal("seen", await seen.Seen.Task);
            GC.KeepAlive(seen);
        }
    }

    internal static async Task<List<T>> ListAsync<T>(IAsyncEnumerable<T> elements)
    {
        List<T> list = [];
        await foreach (var element in elements)
        {
            list.Add(element);
        }

        return list;
    }

    private static IEnumerable<string> Expected(GeoTestRegion region) => Enumerable.Range(0, Many).Select(i => $"{i} {region.Region}");

    private sealed class Observer : ICartObserver
    {
        public TaskCompletionSource<string> Seen { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Changed(string sku)
        {
            Seen.TrySetResult(sku);
            return Task.CompletedTask;
        }
    }
}
