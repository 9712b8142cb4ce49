using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>What was refused, or never written, is neither read nor written by what comes after it.</summary>
[Collection(WorldCollection.Name)]
public sealed class UncommittedStateTests(WorldFixture fixture)
{
    private const int TooMuch = 600 * 1024;

    private readonly GeoTestCluster _world = fixture.World;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_write_that_was_too_large_leaves_nothing(bool isCaught)
    {
        var key = $"uncommitted-large-{isCaught}";
        var scratch = _world.HomeAndAway("test.scratch", key).Away.Grains.GetGrain<IScratch>(key);
        Assert.Equal(1, await Wait.ForAsync("a write is answered", scratch.Append("kept")));
        if (isCaught)
        {
            Assert.Equal(nameof(GeoErrorCode.TooLarge), await Wait.ForAsync("the call is answered", scratch.PadAndCatch(TooMuch)));
        }
        else
        {
            var refused = await Assert.ThrowsAsync<GeoException>(() => Wait.ForAsync("it is refused", scratch.Pad(TooMuch)));
            Assert.Equal(GeoErrorCode.TooLarge, refused.Code);
        }

        Assert.Equal(0, await Regions.StronglyAsync(() => scratch.Padding()));
        Assert.Equal(2, await Wait.ForAsync("a small write is answered", scratch.Append("small")));
        Assert.Equal(["kept", "small"], await Regions.StronglyAsync(() => scratch.Read()));
    }

    [Fact]
    public async Task What_a_method_changed_before_it_threw_is_not_written_by_the_next_one()
    {
        var scratch = _world.HomeAndAway("test.scratch", "uncommitted-threw").Away.Grains.GetGrain<IScratch>("uncommitted-threw");
        Assert.Equal(1, await Wait.ForAsync("a write is answered", scratch.Append("a")));
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Wait.ForAsync("it throws", scratch.ChangeThenThrow("never written")));
        Assert.Equal(["a"], await Regions.StronglyAsync(() => scratch.Read()));
        Assert.Equal(2, await Wait.ForAsync("a write is answered", scratch.Append("b")));
        Assert.Equal(["a", "b"], await Regions.StronglyAsync(() => scratch.Read()));
        await Wait.UntilAsync("a replica shows the second write", async () => (await scratch.Read()).Contains("b"));
        Assert.Equal(["a", "b"], await Wait.ForAsync("a local read is answered", scratch.Read()));
    }

    [Theory]
    [InlineData(true, GeoErrorCode.ReadOnlyMethod)]
    [InlineData(false, GeoErrorCode.NotHome)]
    public async Task What_a_reading_method_changed_is_not_read(bool atHome, GeoErrorCode code)
    {
        var key = $"uncommitted-read-{atHome}";
        var (home, away) = _world.HomeAndAway("test.scratch", key);
        var scratch = (atHome ? home : away).Grains.GetGrain<IScratch>(key);
        await Wait.ForAsync("a write is answered", scratch.Append("a"));
        await Wait.UntilAsync("it is shown", async () => await scratch.Read() is ["a"]);
        var refused = await Assert.ThrowsAsync<GeoException>(() => Wait.ForAsync("it is refused", scratch.WriteInRead("never written")));
        Assert.Equal(code, refused.Code);
        Assert.Equal(["a"], await Wait.ForAsync("a local read is answered", scratch.Read()));
        using (GeoSession.Begin(new() { Consistency = ReadConsistency.Bounded, MaxStaleness = TimeSpan.FromSeconds(20) }))
        {
            Assert.Equal(["a"], await Wait.ForAsync("a bounded read is answered", scratch.Read()));
        }

        Assert.Equal(2, await Wait.ForAsync("a write is answered", scratch.Append("b")));
        Assert.Equal(["a", "b"], await Regions.StronglyAsync(() => scratch.Read()));
    }

    [Fact]
    public async Task A_field_that_was_too_large_does_not_take_the_one_before_it_along()
    {
        var (one, other) = (_world.Regions.First(), _world.Regions.Last());
        var answer = one.Grains.GetGrain<IPairs>("uncommitted-pair").SetBoth("a", "b", TooMuch);
        Assert.Equal(nameof(GeoErrorCode.TooLarge), await Wait.ForAsync("the call is answered", answer));
        Assert.Equal("small", await Wait.ForAsync("a read is answered", one.Grains.GetGrain<IPairs>("uncommitted-pair").Get("a")));
        Assert.Null(await Wait.ForAsync("a read is answered", one.Grains.GetGrain<IPairs>("uncommitted-pair").Get("b")));
        await Wait.UntilAsync("the other regions show it", async () => await other.Grains.GetGrain<IPairs>("uncommitted-pair").Get("a") == "small");
    }
}
