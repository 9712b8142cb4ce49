using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>No call leaves a method before what it wrote is durable, on whichever thread it is made.</summary>
[Collection(WorldCollection.Name)]
public sealed class OutputGateTests(WorldFixture fixture)
{
    private readonly GeoTestCluster _world = fixture.World;

    public static TheoryData<Exit> Exits => [.. Enum.GetValues<Exit>()];

    [Theory]
    [MemberData(nameof(Exits))]
    public async Task A_call_leaves_when_what_was_written_before_it_is_durable(Exit exit)
    {
        var text = $"exit-{exit}";
        var key = _world.KeyIn("westeurope", "test.exiting", text);
        var home = _world["westeurope"];

        // Both are active, and linked, before the disk stands still.
        await Wait.ForAsync("the other one is called", home.Grains.GetGrain<IExiting>($"{text}-other").Tell($"{text} warm"));
        await Wait.ForAsync("it is active", home.Grains.GetGrain<IExiting>(key).Tell($"{text} warm"));
        var disk = fixture.DiskOf("westeurope");
        Task<int> write;
        disk.Faults.Pause();
        try
        {
            var staged = await home.LastEntryAsync("test.exiting", key);
            write = home.Grains.GetGrain<IExiting>(key).AppendAndCall(text, exit);
            await Wait.UntilAsync("the write is on its way to the disk", async () => await home.LastEntryAsync("test.exiting", key) > staged);
            await Wait.ForAsync("a call is answered", _world["eastus2"].Grains.GetGrain<IListener>("elsewhere").Count());
            await Wait.ForAsync("a call is answered", home.Grains.GetGrain<IListener>("elsewhere").Count());
            Assert.False(write.IsCompleted);
            Assert.Equal(0, _world.Told(text));
        }
        finally
        {
            disk.Faults.Resume();
        }

        Assert.Equal(1, await Wait.ForAsync("the call is answered", write));
        await Wait.UntilAsync("the other one was called", () => Task.FromResult(_world.Told(text) == 1));
    }
}
