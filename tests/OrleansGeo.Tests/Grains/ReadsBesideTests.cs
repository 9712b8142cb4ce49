using OrleansGeo.Testing;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>What is read beside a write is answered when that write is durable.</summary>
[Collection(WorldCollection.Name)]
public sealed class ReadsBesideTests(WorldFixture fixture)
{
    private const string Home = "westeurope";
    private const string RoomType = "test.openroom";

    private readonly GeoTestCluster _world = fixture.World;

    [Fact]
    public async Task A_read_beside_a_request_that_has_written_waits_for_that_write()
    {
        var (grain, others) = (await StepsAsync("peeked"), await OthersAsync("peeked"));
        Assert.Equal(["x"], await AnswerAfterResumeAsync(() => WriteAndStopAsync(grain, "peeked"), grain.Peek, others.Select(static other => (Func<Task>)other.Peek)));
        Barriers.Of("peeked").Open();
    }

    [Fact]
    public async Task An_element_that_was_taken_beside_a_request_that_has_written_waits_for_that_write()
    {
        var (grain, others) = (await StepsAsync("enumerated"), await OthersAsync("enumerated"));
        Assert.Equal(["x"], await AnswerAfterResumeAsync(
            () => WriteAndStopAsync(grain, "enumerated"), () => FirstAsync(grain), others.Select(static other => (Func<Task>)(() => FirstAsync(other)))));
        Barriers.Of("enumerated").Open();
    }

    [Fact]
    public async Task A_read_that_a_write_came_beside_waits_for_that_write()
    {
        var grain = Room("overtaken");
        var reading = await ReadAndStopAsync("overtaken");
        var others = new List<Func<Task>>();
        foreach (var name in Names("overtaken"))
        {
            var other = await ReadAndStopAsync(name);
            others.Add(() =>
            {
                Barriers.Of(name).Open();
                return other;
            });
        }

        var lines = await AnswerAfterResumeAsync(
            async () =>
            {
                var key = _world.KeyIn(Home, RoomType, "overtaken");
                var staged = await _world[Home].LastEntryAsync(RoomType, key);
                _ = grain.AppendBeside("x");
                await Wait.UntilAsync("the write is on its way to the disk", async () => await _world[Home].LastEntryAsync(RoomType, key) > staged);
                Barriers.Of("overtaken").Open();
            },
            () => reading,
            others);
        Assert.Equal(["x"], lines);
    }

    /// <summary>Has the home's disk stand still, writes, reads, and sees that the read is answered only once the disk goes on.</summary>
    /// <param name="write">Writes.</param>
    /// <param name="read">Reads what was written.</param>
    /// <param name="others">Reads that go the same way, of what is durable.</param>
    private async Task<string[]> AnswerAfterResumeAsync(Func<Task> write, Func<Task<string[]>> read, IEnumerable<Func<Task>> others)
    {
        Task<string[]> reading;
        var disk = fixture.DiskOf(Home);
        disk.Faults.Pause();
        try
        {
            await write();
            reading = read();
            foreach (var other in others)
            {
                await Wait.ForAsync("another read is answered", other());
            }

            Assert.False(reading.IsCompleted);
        }
        finally
        {
            disk.Faults.Resume();
        }

        return await Wait.ForAsync("the read is answered", reading);
    }

    /// <summary>Entities that have a line, and a request inside that has written nothing.</summary>
    private async Task<List<ISteps>> OthersAsync(string name)
    {
        var others = new List<ISteps>();
        foreach (var other in Names(name))
        {
            others.Add(await StepsAsync(other));
            await Wait.ForAsync("a write is answered", others[^1].Append("y"));
            _ = others[^1].StopThenDo(other, "z", tells: false, LastStep.Write);
            await Wait.ForAsync("a request is inside", Barriers.Of(other).Reached);
        }

        return others;
    }

    private async Task<ISteps> StepsAsync(string name)
    {
        var grain = _world[Home].Grains.GetGrain<ISteps>(_world.KeyIn(Home, "test.steps", name));
        await Wait.ForAsync("it is active", grain.Peek());
        return grain;
    }

    private async Task<Task<string[]>> ReadAndStopAsync(string name)
    {
        var reading = Room(name).ReadAfter(name);
        await Wait.ForAsync("the read is inside", Barriers.Of(name).Reached);
        return reading;
    }

    private IOpenRoom Room(string name) => _world[Home].Grains.GetGrain<IOpenRoom>(_world.KeyIn(Home, RoomType, name));

    private static async Task WriteAndStopAsync(ISteps grain, string barrier)
    {
        _ = grain.AppendThenStop("x", barrier);
        await Wait.ForAsync("the request has written", Barriers.Of(barrier).Reached);
    }

    private static async Task<string[]> FirstAsync(ISteps grain)
    {
        await foreach (var line in grain.Lines())
        {
            return [line];
        }

        return [];
    }

    private static IEnumerable<string> Names(string name) => Enumerable.Range(0, 5).Select(i => $"{name} other {i}");
}
