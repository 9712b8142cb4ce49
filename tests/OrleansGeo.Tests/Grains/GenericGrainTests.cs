using Orleans.Runtime;
using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>A generic class is a geo grain like any other, and with other arguments it has other entities.</summary>
[Collection(WorldCollection.Name)]
public sealed class GenericGrainTests(WorldFixture fixture)
{
    private readonly GeoTestCluster _world = fixture.World;

    [Fact]
    public async Task It_is_written_through_every_region_and_read_in_all()
    {
        var key = Guid.NewGuid();
        const string Extension = "a/b+c#?é";
        var times = 0;
        foreach (var region in _world.Regions)
        {
            var put = region.Grains.GetGrain<ICrate<Dictionary<string, int>>>(key, Extension).Put(new() { [region.Region.Name] = times });
            Assert.Equal(++times, await Wait.ForAsync("a write is answered", put));
        }

        Assert.Equal(1, await Wait.ForAsync("a write is answered", _world.Regions.First().Grains.GetGrain<ICrate<string>>(key, Extension).Put("x")));
        var last = _world.Regions.Last().Region.Name;
        foreach (var region in _world.Regions)
        {
            await Wait.UntilAsync($"{region.Region} shows the last write", async () =>
                await region.Grains.GetGrain<ICrate<Dictionary<string, int>>>(key, Extension).Content() is { Count: 1 } content && content.GetValueOrDefault(last) == 2);
            await Wait.UntilAsync($"{region.Region} shows the other entity", async () => await region.Grains.GetGrain<ICrate<string>>(key, Extension).Content() == "x");
        }
    }

    [Fact]
    public async Task It_moves_to_another_region()
    {
        var crate = _world["eastus2"].Grains.GetGrain<ICrate<string>>(Guid.NewGuid(), "moved");
        var id = crate.GetGrainId();
        Assert.Equal(1, await Wait.ForAsync("a write is answered", crate.Put("1 2")));
        foreach (var region in _world.Regions)
        {
            await _world.PinAsync(id.Type.ToString()!, id.Key.ToString()!, region.Region.Name);
            Assert.Equal("1 2", await Regions.StronglyAsync(() => crate.Content()));
        }

        Assert.Equal(2, await Wait.ForAsync("a write is answered", crate.Put("3")));
    }
}
