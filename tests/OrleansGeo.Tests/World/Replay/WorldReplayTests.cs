using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansGeo.Tests.World.Processes;
using OrleansGeo.World.Airports;
using OrleansGeo.World.Processes;

namespace OrleansGeo.Tests.World.Replay;

/// <summary>The sample and the replay in the built world: real processes, stores on disk, a region killed in between.</summary>
public sealed class WorldReplayTests : IDisposable
{
    private static readonly (string Iata, double Longitude)[] Airports =
        [("SEA", -122.3), ("LAX", -118.4), ("DFW", -97.0), ("ORD", -87.9), ("ATL", -84.4), ("JFK", -73.8)];

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Every_flight_counts_once_though_a_region_is_killed_and_all_is_sent_again()
    {
        WriteInput();
        await using var world = await StartWorldAsync();
        Assert.Contains("Every total is right in every region.", await ReplayAsync(), StringComparison.Ordinal);

        var killed = ReadyFile.Read(_temp.File("ready.json"))[1];
        await WorldProgram.SignalAsync(killed.ProcessId, "KILL");
        await world.WaitForOutputAsync($"{killed.Region} is down");
        await using var start = WorldProgram.Start(_temp.File("state"), "start", killed.Region);
        Assert.Equal(0, await start.WaitForExitAsync());

        Assert.Contains("Every total is right in every region.", await ReplayAsync(), StringComparison.Ordinal);
        using var http = new HttpClient();
        using var sea = await http.GetAsync($"{killed.Url}/v1/airports/SEA");
        Assert.Equal("westeurope", sea.Headers.GetValues("Geo-Home").Single());
        Assert.Equal(100, (await sea.Content.ReadFromJsonAsync<AirportTotals>())!.Departures);
    }

    private void WriteInput()
    {
        File.WriteAllLines(_temp.File("airports.csv"), Airports
            .Select(static airport => string.Create(CultureInfo.InvariantCulture, $"{airport.Iata},{airport.Longitude}")).Prepend("iata,longitude"));
        File.WriteAllText(_temp.File("flights.json"), JsonSerializer.Serialize(
            Enumerable.Range(0, 600).Select(static i =>
                new FlightRecord("2001/01/01 00:47", (i % 61) - 20, 100, Airports[i % 6].Iata, Airports[(i + 1 + (i / 6 % 5)) % 6].Iata)),
            JsonSerializerOptions.Web));
    }

    private async Task<WorldProgram> StartWorldAsync()
    {
        var world = WorldProgram.Start(
            _temp.File("state"), "--regions", WorldProgram.FreeRegions(), "--data", _temp.File("data"), "--ready-file", _temp.File("ready.json"));
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

    private async Task<string> ReplayAsync()
    {
        await using var replay = WorldProgram.Start(
            _temp.File("state"), "replay", "flights", _temp.File("flights.json"), "--airports", _temp.File("airports.csv"), "--deadline", "60s");
        var exitCode = await replay.WaitForExitAsync();
        Assert.True(exitCode == 0, $"{replay.Output}\n{replay.Errors}");
        return replay.Output;
    }
}
