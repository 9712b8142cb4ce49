using System.Text.Json;
using OrleansGeo.Tests.World.Processes;
using OrleansGeo.World.Processes;

namespace OrleansGeo.Tests.World.Replay;

/// <summary>The sample and the replay in the built world: real processes, stores on disk, a region killed in between.</summary>
[Collection(AloneCollection.Name)]
[Trait("Check", "Long")]
public sealed class WorldReplayTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [FlightFact]
    public Task Every_flight_counts_once_though_a_region_is_killed_in_the_middle_and_all_is_sent_again() => ReplayAsync(Flights);

    /// <summary>An emulator for each region outlives the region's process, as an account does.</summary>
    [FlightFact]
    public Task On_Azure_Tables_with_two_silos_a_region_too() => ReplayAsync(FlightsOnAzure, "--storage", "azure-tables", "--silos", "2");

    private async Task ReplayAsync(int flights, params string[] options)
    {
        await WriteInputAsync(flights);
        await using var world = await StartWorldAsync(options);
        await using (var replay = StartReplay())
        {
            await replay.WaitForOutputAsync($"of {2 * flights} writes");
            var killed = ReadyFile.Read(_temp.File("ready.json"))[1];
            await WorldProgram.SignalAsync(killed.ProcessId, "KILL");
            await world.WaitForOutputAsync($"{killed.Region} is down");
            Assert.DoesNotContain("are acknowledged", replay.Output, StringComparison.Ordinal);

            await using var start = WorldProgram.Start(_temp.File("state"), "start", killed.Region);
            Assert.Equal(0, await start.WaitForExitAsync());
            await SucceedAsync(replay);
        }

        await using (var again = StartReplay())
        {
            await SucceedAsync(again);
        }

        // In order: an emulator whose world is killed writes what it has after that, into the folder that goes with this test.
        await world.SignalAsync("TERM");
        Assert.Equal(0, await world.WaitForExitAsync());
    }

    [FlightFact]
    public async Task What_a_killed_world_acknowledged_is_there_when_it_starts_again()
    {
        await WriteInputAsync(Flights);
        await using (var world = await StartWorldAsync())
        {
            await using (var replay = StartReplay())
            {
                await SucceedAsync(replay);
            }

            var regions = ReadyFile.Read(_temp.File("ready.json"));
            await world.SignalAsync("KILL");
            foreach (var region in regions)
            {
                await WorldProgram.WaitUntilGoneAsync(region.ProcessId);
            }
        }

        File.Delete(_temp.File("ready.json"));
        await using var second = await StartWorldAsync();
        await using var verification = StartReplay();
        await SucceedAsync(verification);
    }

    private const int Flights = 2000;

    /// <summary>The emulator does about a thousand calls a second.</summary>
    private const int FlightsOnAzure = 600;

    private readonly string _regions = WorldProgram.FreeRegions();

    /// <summary>The first flights of the real file.</summary>
    private async Task WriteInputAsync(int count)
    {
        var data = await FlightData.FetchAsync();
        var flights = JsonSerializer.Deserialize<JsonElement[]>(await File.ReadAllTextAsync(Path.Combine(data, "flights-20k.json")))!;
        await File.WriteAllTextAsync(_temp.File("flights.json"), JsonSerializer.Serialize(flights.Take(count)));
        File.Copy(Path.Combine(data, "airports.csv"), _temp.File("airports.csv"));
    }

    private WorldProgram StartReplay() => WorldProgram.Start(
        _temp.File("state"), "replay", "flights", _temp.File("flights.json"), "--airports", _temp.File("airports.csv"), "--deadline", "170s");

    private static async Task SucceedAsync(WorldProgram replay)
    {
        var exitCode = await replay.WaitForExitAsync();
        Assert.True(exitCode == 0, $"{replay.Output}\n{replay.Errors}");
        Assert.Contains("Every total is right in every region.", replay.Output, StringComparison.Ordinal);
    }

    private async Task<WorldProgram> StartWorldAsync(params string[] options)
    {
        var world = WorldProgram.Start(
            _temp.File("state"), ["--regions", _regions, "--data", _temp.File("data"), "--ready-file", _temp.File("ready.json"), .. options]);
        try
        {
            await world.WaitForOutputAsync("3 of 3 regions up");
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }
}
