using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>What counts against the limit of a request is what it changes, however often it writes that.</summary>
[Collection(WorldCollection.Name)]
public sealed class RequestSizeTests(WorldFixture fixture)
{
    private const int MoreThanHalf = 300 * 1024;

    private readonly GeoTestCluster _world = fixture.World;

    [Fact]
    public async Task A_state_that_is_written_twice_in_one_request_counts_once()
    {
        Assert.Equal(1, await Wait.ForAsync("the call is answered", Scratch("size-twice").PadThenAppend(MoreThanHalf, "x")));
        Assert.Equal(1, await Wait.ForAsync("the call is answered", Scratch("size-entries").PadTellAppend(MoreThanHalf, "x", "size")));
        Assert.Equal(MoreThanHalf, await Regions.StronglyAsync(() => Scratch("size-twice").Padding()));
    }

    [Fact]
    public async Task The_second_of_two_states_that_are_too_large_together_is_refused_and_the_first_stands()
    {
        var refused = await Assert.ThrowsAsync<GeoException>(() => Wait.ForAsync("it is refused", Scratch("size-both").PadBoth(MoreThanHalf)));
        Assert.Equal(GeoErrorCode.TooLarge, refused.Code);
        Assert.Equal(MoreThanHalf, await Regions.StronglyAsync(() => Scratch("size-both").Padding()));
    }

    private IScratch Scratch(string key) => _world.Regions.First().Grains.GetGrain<IScratch>(key);
}
