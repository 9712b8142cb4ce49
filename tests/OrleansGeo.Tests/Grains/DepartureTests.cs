using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.World;
using OrleansGeo.TestingHost;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>Requests that act on others while their shard, or their entity, is about to leave.</summary>
[Collection(WorldCollection.Name)]
public sealed class DepartureTests(WorldFixture fixture)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly GeoTestCluster _world = fixture.World;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_that_has_not_called_out_comes_again_and_nothing_happened(bool isShard)
    {
        var (key, other, barrier) = ($"departing-{isShard}", $"departed-to-{isShard}", $"departing-{isShard}");
        var (home, entity) = await HomeOfAsync(key);
        var request = Diary(key).StopThenTell(barrier, other, "told");
        await Wait.ForAsync("the method runs", Barriers.Of(barrier).Reached);
        home.Departures.Announce(isShard ? null : entity);
        Barriers.Of(barrier).Open();
        await Wait.UntilAsync("it was repeated", () => Task.FromResult(Barriers.Of(barrier).Arrivals >= 3));
        Assert.Empty(await ReadAsync(other));

        home.Departures.Withdraw(isShard ? null : entity);
        Assert.Equal(1, await Wait.ForAsync("the request is answered", request));
        Assert.Equal(["told"], await ReadAsync(other));
    }

    [Fact]
    public async Task A_request_that_has_called_out_is_waited_for_and_runs_once()
    {
        var (home, _) = await HomeOfAsync("staying");
        var request = Diary("staying").TellThenStop("staying", "told-by-staying", "told");
        await Wait.ForAsync("the method has called out", Barriers.Of("staying").Reached);
        var leaves = home.LeavesAsync(Long, CancellationToken.None);
        try
        {
            Assert.False(leaves.IsCompleted);
            Barriers.Of("staying").Open();
            Assert.Equal(1, await Wait.ForAsync("the request is answered", request));
            await Wait.ForAsync("the shard may leave", leaves);
            Assert.Equal(1, Barriers.Of("staying").Arrivals);
        }
        finally
        {
            home.Departures.Withdraw();
        }
    }

    /// <summary>Otherwise the shard would wait for a request that waits for one which waits for the shard.</summary>
    [Fact]
    public async Task What_another_request_waits_for_may_call_out()
    {
        var (outer, inner) = (_world.KeyIn("westeurope", "test.diary", "chained-a"), _world.KeyIn("eastus2", "test.diary", "chained-b"));
        var (home, _) = await HomeOfAsync(inner);
        home.Departures.Announce();
        try
        {
            Barriers.Of("chained").Open();
            Assert.Equal(1, await Wait.ForAsync("the outer request is answered", Diary(outer).TellThrough(inner, "chained", "chained-c", "told")));
            Assert.Equal(["told"], await ReadAsync("chained-c"));
        }
        finally
        {
            home.Departures.Withdraw();
        }
    }

    /// <summary>It asks because it is about to act on something outside of Orleans.</summary>
    [Fact]
    public async Task A_request_that_waits_until_it_is_durable_comes_again_too()
    {
        var (home, _) = await HomeOfAsync("mailing");
        home.Departures.Announce();
        Barriers.Of("mailing").Open();
        var request = Diary("mailing").AppendDurably("mailing", "sent");
        await Wait.UntilAsync("it was repeated", () => Task.FromResult(Barriers.Of("mailing").Arrivals >= 3));
        Assert.Empty(await ReadAsync("mailing"));
        home.Departures.Withdraw();
        Assert.Equal(1, await Wait.ForAsync("the request is answered", request));
    }

    private async Task<(HomeShard Home, string Entity)> HomeOfAsync(string key)
    {
        // Its shard is open once it was asked for something.
        await ReadAsync(key);
        var (region, entity) = (_world.HomeAndAway("test.diary", key).Home, GrainId.Create("test.diary", key));
        var shard = region.Services.First().GetRequiredService<IGeoWorld>().Locate(entity)!.Value.Shard;
        return (region.Services.SelectMany(static silo => silo.GetService<LocalShards>()?.All ?? []).OfType<HomeShard>().Single(home => home.Id == shard), entity.ToString());
    }

    private IDiary Diary(string key) => _world.HomeAndAway("test.diary", key).Away.Grains.GetGrain<IDiary>(key);

    private Task<string[]> ReadAsync(string key) => Regions.StronglyAsync(() => Diary(key).Read());
}
