using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using OrleansGeo.Tests.Turns;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Server;

/// <summary>The program as a platform runs it.</summary>
[MostlyWaits]
[Trait("Check", "Long")]
public sealed partial class ProcessTests
{
    private const string Leaver = "westeurope";

    [Fact]
    public async Task A_wrong_configuration_is_exit_code_2_and_a_list_without_a_stack_trace()
    {
        await using var server = ServerProcess.Start([new("Geo:Region", "westeurope"), new("Geo:Http:Port", "-1")]);
        var (code, errors) = await server.WaitForExitAsync();
        Assert.Equal(2, code);
        Assert.Contains("- Geo:Http:Port: -1", errors, StringComparison.Ordinal);
        Assert.Contains("- Geo:Storage:", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_region_that_is_told_to_stop_hands_its_homes_over_and_gets_them_back_when_it_starts_and_no_request_fails()
    {
        string[] regions = [Leaver, "eastus2", "southeastasia"];
        using var world = new ServerWorld(regions);
        var servers = regions.ToDictionary(static region => region, region => ServerProcess.Start(SettingsOf(world, region)));
        try
        {
            await Task.WhenAll(regions.Select(region => ReadyAsync(world, servers, region)));
            await HomesAsync(world, static (mode, homes) => mode == "normal" && homes > 0, "has homes");
            await using var load = new DocumentWriters(world, "eastus2", "southeastasia");
            await load.WrittenAsync(50);
            await MetricsAsync(world);

            var leaver = servers[Leaver];
            await leaver.SignalAsync("TERM");
            using var http = world.Client(Leaver);
            await Wait.UntilAsync("it says that it stops while it serves", async () => (await http.GetAsync("/health/ready")).StatusCode == HttpStatusCode.ServiceUnavailable);
            var (code, errors) = await leaver.WaitForExitAsync();
            Assert.Equal("0 ", $"{code} {errors}");
            Assert.Contains("other regions took its homes over", leaver.Output, StringComparison.Ordinal);
            await HomesAsync(world, static (mode, homes) => mode == "leaving" && homes == 0, "has left");
            await load.WrittenAsync(50);

            await leaver.DisposeAsync();
            servers[Leaver] = ServerProcess.Start(SettingsOf(world, Leaver));
            await HomesAsync(world, static (mode, homes) => mode == "restoring" && homes > 0, "has homes again");
            await load.WrittenAsync(50);
            await load.StopAsync();
        }
        finally
        {
            foreach (var server in servers.Values)
            {
                await server.DisposeAsync();
            }
        }
    }

    /// <summary>Every instrument is documented, and every documented one measures. In a process of its own: silos that stop beside it take the instruments of the same name with them.</summary>
    private static async Task MetricsAsync(ServerWorld world)
    {
        using var http = world.Client("eastus2", world.Tokens.Make("scraper", "geo.read"));
        var measured = Family().Matches(await http.GetStringAsync("/metrics")).Select(static match => Unit().Replace(match.Groups[1].Value, ""));
        Assert.Equal(ReadmeTests.Instruments().Select(static name => name.Replace('.', '_')).Order(), measured.Order());
    }

    private static Dictionary<string, string?> SettingsOf(ServerWorld world, string region)
    {
        var settings = world.SettingsOf(region);
        settings["Geo:Shards:Hash"] = "12";
        settings["Geo:Shards:PerRegion"] = "1";
        return settings;
    }

    private static async Task ReadyAsync(ServerWorld world, Dictionary<string, ServerProcess> servers, string region)
    {
        using var http = world.Client(region);
        await Wait.UntilAsync($"{region} is ready", async () =>
        {
            Assert.False(servers[region].HasExited, servers[region].Output);
            try
            {
                return (await http.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    /// <summary>Completes when another region knows this of the one that leaves.</summary>
    private static async Task HomesAsync(ServerWorld world, Func<string?, int, bool> isSo, string what)
    {
        using var http = world.Client("eastus2", world.Tokens.Make("watcher", "geo.read"));
        await Wait.UntilAsync($"{Leaver} {what}", async () =>
        {
            var topology = await http.GetFromJsonAsync<JsonElement>("/v1/geo/topology");
            var mode = topology.GetProperty("regions").EnumerateArray().Single(static region => region.GetProperty("name").GetString() == Leaver).GetProperty("mode").GetString();
            return isSo(mode, topology.GetProperty("shards").EnumerateArray().Count(static shard => shard.GetProperty("home").GetString() == Leaver));
        });
    }

    [GeneratedRegex(@"^# TYPE (orleansgeo_\w+) ", RegexOptions.Multiline)]
    private static partial Regex Family();

    [GeneratedRegex("(_seconds)?(_total)?$")]
    private static partial Regex Unit();
}
