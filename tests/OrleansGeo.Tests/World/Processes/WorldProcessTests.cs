using OrleansGeo.World.Processes;

namespace OrleansGeo.Tests.World.Processes;

/// <summary>The built world, its processes and real signals.</summary>
[Collection(AloneCollection.Name)]
[Trait("Check", "Long")]
public sealed class WorldProcessTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private string State => _temp.File("state");

    private string ReadyFilePath => _temp.File("ready.json");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_killed_region_stays_down_until_it_is_started_and_an_interrupt_leaves_no_process()
    {
        await using var world = await StartWorldAsync();
        using var http = new HttpClient();
        var before = ReadyFile.Read(ReadyFilePath);
        Assert.Equal(["westeurope", "eastus2", "southeastasia"], before.Select(static region => region.Region));
        Assert.Equal(4, before.Select(static region => region.ProcessId).Append(world.ProcessId).Distinct().Count());
        foreach (var region in before)
        {
            using var ready = await http.GetAsync($"{region.Url}/health/ready");
            Assert.True(ready.IsSuccessStatusCode);
        }

        await WorldProgram.SignalAsync(before[1].ProcessId, "KILL");
        await world.WaitForOutputAsync("eastus2 is down (killed). Start it again with:");
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync($"{before[1].Url}/health/live"));

        await using var start = WorldProgram.Start(State, "start", "eastus2", "--world", ReadyFilePath);
        Assert.Equal(0, await start.WaitForExitAsync());
        var after = ReadyFile.Read(ReadyFilePath);
        Assert.Contains($"process {after[1].ProcessId}", start.Output, StringComparison.Ordinal);
        Assert.NotEqual(before[1].ProcessId, after[1].ProcessId);
        Assert.Equal(before[0], after[0]);
        using var again = await http.GetAsync($"{after[1].Url}/health/ready");
        Assert.True(again.IsSuccessStatusCode);

        await world.SignalAsync("INT");
        Assert.Equal(0, await world.WaitForExitAsync());
        Assert.All(after, static region => Assert.Throws<ArgumentException>(() => System.Diagnostics.Process.GetProcessById(region.ProcessId)));
        Assert.False(File.Exists(ReadyFilePath));
        Assert.Equal("", world.Errors);
    }

    [Fact]
    public async Task Regions_end_with_a_world_that_is_killed()
    {
        await using var world = await StartWorldAsync();
        var regions = ReadyFile.Read(ReadyFilePath);

        await world.SignalAsync("KILL");

        foreach (var region in regions)
        {
            await WorldProgram.WaitUntilGoneAsync(region.ProcessId);
        }
    }

    [Fact]
    public async Task Another_world_gets_neither_its_data_nor_its_ports()
    {
        var regions = WorldProgram.FreeRegions();
        await using var world = await StartWorldAsync(regions);

        await AssertUsageErrorAsync($"is in use by another world (process {world.ProcessId})", "run", "--regions", WorldProgram.FreeRegions(), "--data", _temp.File("data"));
        await AssertUsageErrorAsync("(the HTTP port of westeurope) is in use by process", "run", "--regions", regions, "--data", _temp.File("other"));
        await AssertUsageErrorAsync("There is no region 'mars' in this world: use westeurope, eastus2, southeastasia.", "start", "mars");

        await using var start = WorldProgram.Start(State, "start", "westeurope");
        Assert.Equal(0, await start.WaitForExitAsync());
        Assert.Contains("serves already", start.Output, StringComparison.Ordinal);

        await world.SignalAsync("TERM");
        Assert.Equal(0, await world.WaitForExitAsync());
    }

    [Fact]
    public async Task A_region_that_cannot_start_says_why_in_one_line()
    {
        Directory.CreateDirectory(_temp.File("data"));
        await File.WriteAllTextAsync(_temp.File("data/eastus2.db"), "This is not a database.");
        await using var world = WorldProgram.Start(State, "--regions", WorldProgram.FreeRegions(), "--data", _temp.File("data"));

        Assert.Equal(1, await world.WaitForExitAsync());

        Assert.StartsWith("eastus2 did not start: ended with exit code 1. SQLite store", world.Errors, StringComparison.Ordinal);
        Assert.Contains("is not a database", world.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', world.Errors);
    }

    [Theory]
    [InlineData("'--nonsense'", "run", "--nonsense")]
    [InlineData("--silos 'x'", "--silos", "x")]
    [InlineData("--storage 'floppy' is unknown", "--storage", "floppy")]
    [InlineData("--wan: 'fast' is not a WAN matrix", "--wan", "fast")]
    [InlineData("No world runs on this machine", "start", "westeurope")]
    [InlineData("Cannot read the ready file", "replay", "flights", "x.json", "--airports", "y.csv", "--world", "missing.json")]
    [InlineData("Cannot write to the data folder", "run", "--data", "/proc/world")]
    [InlineData("'region' takes its configuration from the world", "region", "westeurope")]
    public Task A_wrong_command_line_is_one_line_and_exit_code_2(string says, params string[] arguments) => AssertUsageErrorAsync(says, arguments);

    private async Task<WorldProgram> StartWorldAsync(string? regions = null)
    {
        var world = WorldProgram.Start(
            State, "--regions", regions ?? WorldProgram.FreeRegions(), "--data", _temp.File("data"), "--ready-file", ReadyFilePath, "--wan", "off");
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

    private async Task AssertUsageErrorAsync(string says, params string[] arguments)
    {
        await using var program = WorldProgram.Start(State, arguments);
        program.CloseInput();

        Assert.Equal(2, await program.WaitForExitAsync());
        Assert.Contains(says, program.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', program.Errors);
    }
}
