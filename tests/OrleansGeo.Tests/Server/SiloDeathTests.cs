using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansGeo.Tests.Turns;
using OrleansGeo.Tests.World.Azurite;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Server;

/// <summary>A region of two silos, each a process of its own, on one storage account.</summary>
[MostlyWaits]
[Trait("Check", "Long")]
public sealed class SiloDeathTests(TestAzurite azurite) : IClassFixture<TestAzurite>
{
    private const string Region = "westeurope";
    private const int Documents = 30;

    /// <summary>Three probes unanswered, 5 s apart, and what follows.</summary>
    private static readonly TimeSpan OrleansDeclaresDead = TimeSpan.FromSeconds(90);

    private readonly ConcurrentDictionary<int, int> _acknowledged = new();

    [AzuriteFact]
    public async Task A_silo_that_dies_is_declared_dead_and_its_shards_serve_from_the_other_with_nothing_lost()
    {
        using var world = new ServerWorld(2, Region);
        var servers = new ServerProcess?[2];
        try
        {
            // The first has every shard, and the region's control plane, when the second comes.
            servers[0] = ServerProcess.Start(SettingsOf(world, 0));
            await ReadyAsync(world, servers, 0);
            servers[1] = ServerProcess.Start(SettingsOf(world, 1));
            await ReadyAsync(world, servers, 1);

            using var stop = new CancellationTokenSource();
            var writing = WriteAsync(world, silo: 1, stop.Token);
            await Wait.UntilAsync("both silos serve", () => Task.FromResult(writing.IsFaulted || _acknowledged.Count == Documents));
            await servers[0]!.SignalAsync("KILL");
            await servers[0]!.WaitForExitAsync();
            var atDeath = _acknowledged.ToDictionary();
            await Wait.UntilAsync(
                "the other silo serves every shard",
                () => Task.FromResult(writing.IsFaulted || _acknowledged.All(document => document.Value > atDeath.GetValueOrDefault(document.Key) + 1)),
                OrleansDeclaresDead);

            await servers[0]!.DisposeAsync();
            servers[0] = ServerProcess.Start(SettingsOf(world, 0));
            await ReadyAsync(world, servers, 0);
            await stop.CancelAsync();
            await writing;
            await ReadAllAsync(world, silo: 0);
            await ReadAllAsync(world, silo: 1);
        }
        finally
        {
            foreach (var server in servers.OfType<ServerProcess>())
            {
                await server.DisposeAsync();
            }
        }
    }

    private Dictionary<string, string?> SettingsOf(ServerWorld world, int silo)
    {
        var settings = world.SettingsOf(Region, silo);
        settings.Remove("Geo:Storage:Sqlite:Path");
        settings["Geo:Storage:AzureTables:ConnectionString"] = azurite.ConnectionString;
        settings["Geo:Membership:AzureTables:ConnectionString"] = azurite.ConnectionString;
        settings["Geo:Silo:Name"] = $"{Region}-{silo}";
        settings["Geo:Shards:Hash"] = "12";
        settings["Geo:Shards:PerRegion"] = "1";
        return settings;
    }

    private static async Task ReadyAsync(ServerWorld world, ServerProcess?[] servers, int silo)
    {
        using var http = world.Client(Region, silo: silo);
        await Wait.UntilAsync($"silo {silo} is ready", async () =>
        {
            Assert.False(servers[silo]!.HasExited, servers[silo]!.Output);
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

    private Task WriteAsync(ServerWorld world, int silo, CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, Documents).Select(async document =>
    {
        using var http = world.Client(Region, world.Tokens.Make("writer", "geo.write"), silo);
        http.Timeout = TimeSpan.FromMinutes(2);
        http.DefaultRequestHeaders.Add("Geo-Deadline", "100s");
        for (var number = 1; !stop.IsCancellationRequested; number++)
        {
            using var response = await http.PutAsync($"/v1/documents/silos/{document}", JsonContent.Create(new { number }), CancellationToken.None);
            Assert.True(response.IsSuccessStatusCode, $"Write {number} of {document}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(CancellationToken.None)}");
            _acknowledged[document] = number;
        }
    }));

    private async Task ReadAllAsync(ServerWorld world, int silo)
    {
        using var http = world.Client(Region, world.Tokens.Make("reader", "geo.read"), silo);
        http.DefaultRequestHeaders.Add("Geo-Consistency", "strong");
        foreach (var (document, number) in _acknowledged)
        {
            Assert.Equal(number, (await http.GetFromJsonAsync<JsonElement>($"/v1/documents/silos/{document}")).GetProperty("number").GetInt32());
        }
    }
}
