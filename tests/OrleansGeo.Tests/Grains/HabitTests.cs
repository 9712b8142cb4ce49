using Orleans.Runtime;
using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>Small things that work as in one cluster.</summary>
[Collection(WorldCollection.Name)]
public sealed class HabitTests(WorldFixture fixture)
{
    private readonly GeoTestCluster _world = fixture.World;

    [Fact]
    public async Task A_grain_that_deactivates_itself_after_each_write_loses_none()
    {
        for (var i = 1; i <= 9; i++)
        {
            var habits = _world.Regions.ElementAt(i % 3).Grains.GetGrain<IHabits>("deactivates");
            Assert.Equal(i, await Wait.ForAsync("a write is answered", habits.AppendAndDeactivate($"{i}")));
        }

        Assert.Equal(9, (await Regions.StronglyAsync(() => _world.Regions.First().Grains.GetGrain<IHabits>("deactivates").Read())).Length);
    }

    [Fact]
    public async Task What_a_caller_sets_in_its_request_context_arrives_at_the_home_and_at_a_replica()
    {
        RequestContext.Set("tenant", "contoso");
        try
        {
            foreach (var region in _world.Regions)
            {
                Assert.Equal("contoso", await Wait.ForAsync("a call is answered", region.Grains.GetGrain<IHabits>("context").Context("tenant")));
                Assert.Equal("contoso", await Wait.ForAsync("a read is answered", region.Grains.GetGrain<IHabits>("context").ContextInRead("tenant")));
            }
        }
        finally
        {
            RequestContext.Clear();
        }
    }

    [Fact]
    public async Task A_call_that_is_made_after_its_request_has_ended_arrives_once()
    {
        foreach (var region in _world.Regions)
        {
            using var session = GeoSession.Begin(new() { RequestKey = "background-1" });
            await Wait.ForAsync("the request is answered", region.Grains.GetGrain<IHabits>("background").CallInBackground("background-diary", "x", "background"));
        }

        Barriers.Of("background").Open();
        await Wait.UntilAsync("the call arrived", async () => await ReadAsync("background-diary") is ["x"]);
        Assert.Equal(1, Barriers.Of("background").Arrivals);
    }

    [Fact]
    public async Task A_request_key_that_a_tick_gives_counts()
    {
        var barrier = Barriers.Of("ticks");
        barrier.Open();
        await Wait.ForAsync("the request is answered", _world.Regions.First().Grains.GetGrain<IHabits>("ticks").CallInTicks("ticks-diary", "tick-1", "x", "ticks"));
        await Wait.UntilAsync("it has ticked often", () => Task.FromResult(barrier.Arrivals >= 5));
        Assert.Equal(["x"], await ReadAsync("ticks-diary"));
    }

    private Task<string[]> ReadAsync(string key) => Regions.StronglyAsync(() => _world.Regions.First().Grains.GetGrain<IDiary>(key).Read());
}
