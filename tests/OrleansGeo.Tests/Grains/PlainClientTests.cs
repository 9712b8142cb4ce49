using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>A client without OrleansGeo has the same promises as any other, only slower: its calls pass the gate, and reach the home.</summary>
[Collection(WorldCollection.Name)]
public sealed class PlainClientTests(WorldFixture fixture)
{
    private readonly GeoTestCluster _world = fixture.World;

    [Fact]
    public async Task Its_calls_run_one_after_the_other()
    {
        var home = _world.HomeOf("test.diary", "plain-one");
        await using var client = await PlainClient.StartAsync(home);
        var diary = client.Grains.GetGrain<IDiary>("plain-one");
        var counts = await Wait.ForAsync("20 calls are answered", Task.WhenAll(Enumerable.Range(0, 20).Select(i => diary.Rewrite($"{i}"))));
        Assert.Equal(Enumerable.Range(1, 20), counts.Order());
        Assert.Equal(20, (await Regions.StronglyAsync(() => home.Grains.GetGrain<IDiary>("plain-one").Read())).Length);
    }

    [Fact]
    public async Task Its_calls_and_those_of_a_client_with_OrleansGeo_run_one_after_the_other()
    {
        var home = _world.HomeOf("test.diary", "plain-mixed");
        await using var client = await PlainClient.StartAsync(home);
        var counts = await Wait.ForAsync("20 calls are answered", Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            (i % 2 == 0 ? client.Grains : home.Grains).GetGrain<IDiary>("plain-mixed").Rewrite($"{i}"))));
        Assert.Equal(Enumerable.Range(1, 20), counts.Order());
    }

    [Fact]
    public async Task It_writes_and_reads_through_every_region()
    {
        var expected = new List<string>();
        foreach (var region in _world.Regions)
        {
            await using var client = await PlainClient.StartAsync(region);
            var diary = client.Grains.GetGrain<IDiary>("plain-everywhere");
            expected.Add(region.Region.Name);
            Assert.Equal(expected.Count, await Wait.ForAsync("a write is answered", diary.Append(region.Region.Name)));
            await Wait.UntilAsync($"it reads in {region.Region} what it wrote", async () => (await diary.Read()).SequenceEqual(expected));
        }

        Assert.Equal(expected, await Regions.StronglyAsync(() => _world.Regions.First().Grains.GetGrain<IDiary>("plain-everywhere").Read()));
    }

    [Fact]
    public async Task Its_one_way_calls_arrive_and_exceptions_come_as_they_are()
    {
        foreach (var region in _world.Regions)
        {
            await using var client = await PlainClient.StartAsync(region);
            var key = $"plain-{region.Region.Name}";
            await client.Grains.GetGrain<IDiary>(key).AppendOneWay("sent");
            await Wait.UntilAsync("a one-way call arrived", async () => await Regions.StronglyAsync(() => region.Grains.GetGrain<IDiary>(key).Read()) is ["sent"]);

            var thrown = await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Wait.ForAsync("it throws", client.Grains.GetGrain<ICart>(key).AddThenThrow("book")));
            Assert.Equal("as asked", thrown.Message);
            Assert.Equal(1, await Regions.StronglyAsync(() => region.Grains.GetGrain<ICart>(key).Count("book").AsTask()));
        }
    }

    [Fact]
    public async Task It_is_not_answered_before_what_it_was_told_is_durable()
    {
        var key = _world.KeyIn("westeurope", "test.diary", "plain-durable");
        await using var client = await PlainClient.StartAsync(_world["westeurope"]);
        var diary = client.Grains.GetGrain<IDiary>(key);
        await Wait.ForAsync("the first write is answered", diary.Append("first"));
        var disk = fixture.DiskOf("westeurope");
        disk.Faults.Pause();
        Task<int> write;
        Task<string[]> read;
        try
        {
            var staged = await _world["westeurope"].LastEntryAsync("test.diary", key);
            write = diary.Append("second");
            await Wait.UntilAsync("the write is on its way to the disk", async () => await _world["westeurope"].LastEntryAsync("test.diary", key) > staged);
            read = diary.Read();
            await Wait.ForAsync("a call is answered", client.Grains.GetGrain<IListener>("durable").Count());
            Assert.False(write.IsCompleted);
            Assert.False(read.IsCompleted);
        }
        finally
        {
            disk.Faults.Resume();
        }

        Assert.Equal(2, await Wait.ForAsync("the write is answered", write));
        Assert.Equal(["first", "second"], await Wait.ForAsync("the read is answered", read));
    }
}
