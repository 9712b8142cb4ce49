using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>A shard is handed over while a request runs in it: whatever the request ends with, it is repeated, and its caller is told what happened in the end.</summary>
[Collection(WorldCollection.Name)]
public sealed class ClosedShardTests(WorldFixture fixture)
{
    private const string Type = "test.steps";

    private readonly GeoTestCluster _world = fixture.World;

    [Theory]
    [InlineData(true, LastStep.Write)]
    [InlineData(false, LastStep.Write)]
    [InlineData(false, LastStep.WriteAndCatch)]
    [InlineData(true, LastStep.Remind)]
    [InlineData(false, LastStep.Remind)]
    public async Task A_request_that_writes_after_its_shard_left_is_repeated(bool hasWritten, LastStep last)
    {
        var name = $"closed-{hasWritten}-{last}";
        var key = _world.KeyIn("westeurope", Type, name);
        var running = _world["southeastasia"].Grains.GetGrain<ISteps>(key).StopThenDo(name, name, hasWritten, last);
        await Wait.ForAsync("the request is inside", Barriers.Of(name).Reached);
        await _world.HandOverAsync(Type, key, "eastus2");
        try
        {
            Barriers.Of(name).Open();
            Assert.Equal("done", await Wait.ForAsync("the request is answered", running));
            Assert.Equal(2, Barriers.Of(name).Arrivals);
            var lines = await Regions.StronglyAsync(() => _world["westeurope"].Grains.GetGrain<ISteps>(key).Read());
            Assert.Equal(last == LastStep.Remind ? 0 : 1, lines.Count(line => line == name));
        }
        finally
        {
            await _world.TakeBackAsync(Type, key, "westeurope");
        }
    }
}
