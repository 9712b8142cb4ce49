using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using OrleansGeo.Operations;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>Requests that act on others while their shard, or their entity, is about to leave.</summary>
[Collection(WorldCollection.Name)]
public sealed class DepartureTests(WorldFixture fixture)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

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

    /// <summary>The entry has no request id: a repeat would write again.</summary>
    [Theory]
    [InlineData(FirstEffect.Read)]
    [InlineData(FirstEffect.StrongRead)]
    [InlineData(FirstEffect.Remind)]
    public async Task A_request_of_which_a_part_is_an_entry_is_waited_for_and_runs_once(FirstEffect effect)
    {
        // Entities of one key are in one shard.
        var (key, entity) = ($"part-{effect}", $"test.steps/part-{effect}");
        var (home, _) = await HomeOfAsync(key);
        var request = _world["westeurope"].Grains.GetGrain<ISteps>(key).AppendThenActThenStop("line", effect, key);
        await Wait.ForAsync("a part is an entry", Barriers.Of(key).Reached);
        var leaves = home.LeavesAsync(entity, Long);
        try
        {
            await Wait.ForAsync("another entity may leave", home.LeavesAsync("test.steps/idle", Long));
            Assert.False(leaves.IsCompleted);
            Barriers.Of(key).Open();
            Assert.Equal(1, await Wait.ForAsync("the request is answered", request));
            await Wait.ForAsync("the entity may leave", leaves);
            Assert.Equal(1, Barriers.Of(key).Arrivals);
        }
        finally
        {
            home.Departures.Withdraw(entity);
            home.Departures.Withdraw("test.steps/idle");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_that_was_stopped_makes_no_entry_however_often_it_comes(bool catches)
    {
        var (key, other) = ($"stopped-{catches}", $"stopped-other-{catches}");
        var (home, entity) = await HomeOfAsync(key);
        home.Departures.Announce(entity);
        Barriers.Of(key).Open();
        var request = catches ? Diary(key).TellQuietlyThenAppendAndAsk(key, other, "line") : Diary(key).AppendThenTellAndAsk(key, other, "line");
        await Wait.UntilAsync("it was repeated", () => Task.FromResult(Barriers.Of(key).Arrivals >= 3));
        Assert.Empty(await ReadAsync(other));
        home.Departures.Withdraw(entity);
        Assert.Equal(1, await Wait.ForAsync("the request is answered", request));
        Assert.Equal(["line"], await ReadAsync(key));
        Assert.Equal(["line"], await ReadAsync(other));
    }

    /// <summary>It is repeated as a whole, and what still runs of it with it.</summary>
    [Fact]
    public async Task What_still_runs_of_a_request_that_was_stopped_does_nothing()
    {
        var (home, entity) = await HomeOfAsync("leftover");
        home.Departures.Announce(entity);
        Barriers.Of("leftover").Open();
        var request = Diary("leftover").TellLaterAndNow("leftover", "leftover-later", "leftover-other", "line");
        await Wait.UntilAsync("it was repeated", () => Task.FromResult(Barriers.Of("leftover").Arrivals >= 3));
        home.Departures.Withdraw(entity);
        Assert.Equal(1, await Wait.ForAsync("the request is answered", request));
        var runs = Barriers.Of("leftover").Arrivals;
        Barriers.Of("leftover-later").Open();
        await Wait.UntilAsync("all that still ran has ended", () => Task.FromResult(_world.Told("line later has ended") == runs));
        Assert.Equal(["line now", "line later"], await ReadAsync("leftover-other"));
    }

    /// <summary>Stopped, it would take down with the object what others had left there.</summary>
    [Fact]
    public async Task A_request_to_an_object_with_memory_is_not_stopped_and_the_memory_is_written()
    {
        var key = _world.KeyIn("westeurope", "test.buffer", "remembering");
        var buffer = _world["westeurope"].Grains.GetGrain<IBuffer>(key);
        await Wait.ForAsync("a call is answered", buffer.Add("item"));
        var home = _world.HomeShardOf("test.buffer", key);
        var request = buffer.StopThenTell(key, "told-by-remembering", "told");
        await Wait.ForAsync("the method runs", Barriers.Of(key).Reached);
        var leaves = home.LeavesAsync($"test.buffer/{key}", Long);
        try
        {
            Barriers.Of(key).Open();
            await Wait.ForAsync("the request is answered", request);
            await Wait.ForAsync("the entity may leave", leaves);
            Assert.Equal(1, Barriers.Of(key).Arrivals);
        }
        finally
        {
            home.Departures.Withdraw($"test.buffer/{key}");
        }

        await _world.PinAsync("test.buffer", key, "eastus2");
        Assert.Equal(["item"], await Regions.StronglyAsync(() => _world["southeastasia"].Grains.GetGrain<IBuffer>(key).Read()));
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

    /// <summary>The same, and what the request leaves in memory after the object had ended is written, too.</summary>
    [Theory]
    [InlineData(Jotter.Type)]
    [InlineData(StateJotter.Type)]
    public async Task An_object_that_has_ended_takes_what_another_request_waits_for_and_ends_again(string type)
    {
        var key = _world.KeyIn("westeurope", type, $"ended-{type}");
        var (home, _) = await HomeOfAsync(key);
        await Wait.ForAsync("a call is answered", Notes(type, key).Note("early"));
        var request = Diary(key).TellThenStopThenNote(key, "told-by-ended", type, key, "late");
        await Wait.ForAsync("the method has called out", Barriers.Of(key).Reached);
        var leaves = home.LeavesAsync(Long, CancellationToken.None);
        try
        {
            await Wait.UntilAsync("the object has ended", () => Task.FromResult(_world.Told($"{key} is written") == 1));
            Assert.False(leaves.IsCompleted);
            Barriers.Of(key).Open();
            Assert.Equal(1, await Wait.ForAsync("the request is answered", request));
            await Wait.ForAsync("the shard may leave", leaves);
            Assert.Equal(1, Barriers.Of(key).Arrivals);
            Assert.Equal(2, _world.Told($"{key} is written"));
        }
        finally
        {
            home.Departures.Withdraw();
        }

        Assert.Equal(["early", "late"], await Regions.StronglyAsync(() => Notes(type, key).Read()));
    }

    [Fact]
    public async Task An_object_ends_for_its_shard_once_no_request_runs_beside()
    {
        var key = _world.KeyIn("westeurope", Hall.Type, "hall");
        var hall = _world["eastus2"].Grains.GetGrain<IHall>(key);
        await Wait.ForAsync("a call is answered", _world["westeurope"].Grains.GetGrain<ILodger>(key).Keep("early"));
        var home = _world.HomeShardOf(Hall.Type, key);
        var writing = hall.AppendThenStopThenAppend("first", key, "second");
        var keeping = hall.StopThenKeep(key, "kept");
        var visiting = hall.StopThenAppendThrough(key, _world.KeyIn("southeastasia", Hall.Type, "hall-other"), "third");
        await Wait.UntilAsync("all are inside", () => Task.FromResult(Barriers.Of(key).Arrivals == 3));
        var leaves = home.LeavesAsync(Long, CancellationToken.None);
        try
        {
            await Wait.UntilAsync("an object with nothing inside has ended", () => Task.FromResult(_world.Told().Any(told => told.StartsWith($"{key} ", StringComparison.Ordinal) && told.EndsWith("has written", StringComparison.Ordinal))));
            Assert.Equal(0, _world.Told($"hall {key} ends"));
            Barriers.Of(key).Open();
            await Wait.ForAsync("all are answered", Task.WhenAll(writing, keeping, visiting));
            await Wait.ForAsync("the shard may leave", leaves);
            Assert.Equal(3, Barriers.Of(key).Arrivals);
        }
        finally
        {
            home.Departures.Withdraw();
        }

        // In memory or not, it is at the next home.
        await _world.PinAsync(Hall.Type, key, "eastus2");
        Assert.Equal(["first", "kept", "second", "third"], (await Regions.StronglyAsync(() => _world["southeastasia"].Grains.GetGrain<IHall>(key).Read())).Order());
    }

    /// <summary>It would be cut off in its middle, for nobody waits for it any more.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_comes_inside_once_nobody_was_seen_there(bool isShard)
    {
        var (outer, inner, barrier) = (_world.KeyIn("westeurope", "test.diary", "late-a"), _world.KeyIn("eastus2", "test.diary", $"late-b-{isShard}"), $"late-{isShard}");
        var (home, entity) = await HomeOfAsync(inner);
        Barriers.Of(barrier).Open();
        await Wait.ForAsync("the shard, or the entity, may leave", isShard ? home.LeavesAsync(Long, CancellationToken.None) : home.LeavesAsync(entity, Long));
        var request = Diary(outer).TellThrough(inner, barrier, $"{barrier}-c", "told");
        await Wait.UntilAsync("it was repeated", () => Task.FromResult(Barriers.Of(barrier).Arrivals >= 3 || request.IsCompleted));
        Assert.Empty(await ReadAsync($"{barrier}-c"));
        home.Departures.Withdraw(isShard ? null : entity);
        Assert.Equal(1, await Wait.ForAsync("the request is answered", request));
        Assert.Equal(["told"], await ReadAsync($"{barrier}-c"));
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

    private IJotter Notes(string type, string key) => _world["westeurope"].Grains.GetGrain<IJotter>(GrainId.Create(type, key));

    private Task<string[]> ReadAsync(string key) => Regions.StronglyAsync(() => Diary(key).Read());
}
