using System.Net.Http.Json;
using System.Text.Json;
using Azure.Data.Tables;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Server.Pauses;

/// <summary>Three regions of server processes: one of two silos on one storage account, two of one silo, each with a database of its own.</summary>
internal sealed class PairedWorld : IAsyncDisposable
{
    public const string Region = "westeurope";
    public const string Other = "eastus2";
    private const string Third = "southeastasia";

    /// <summary>Longer than any test.</summary>
    private const int TokenSeconds = 7200;

    /// <summary>It takes a minute while the silo's connections stay open: three times <c>ClusterMembershipOptions.MaxProbeTimeout</c>.</summary>
    private static readonly TimeSpan OrleansDeclaresDead = TimeSpan.FromSeconds(120);

    private readonly ServerWorld _world = new(2, Region, Other, Third);
    private readonly PauseRecord _record;
    private readonly string _account;
    private readonly TableClient _members;

    public PairedWorld(string account, PauseRecord record)
    {
        (_account, _record) = (account, record);
        _members = new(account, "OrleansSiloInstances");
        Pair = [Create(Region, 0), Create(Region, 1)];
        (OtherServer, ThirdServer) = (Create(Other, 0), Create(Third, 0));
    }

    public PausableServer[] Pair { get; }

    public PausableServer OtherServer { get; }

    public PausableServer ThirdServer { get; }

    /// <summary>The silo that said last that it holds the region's lease.</summary>
    public PausableServer ControlHolder =>
        Pair.MaxBy(server => _record.Events.LastOrDefault(said => said.Text.StartsWith($"{server.Name}: ", StringComparison.Ordinal) && said.Text.Contains("holds its lease", StringComparison.Ordinal)).At)!;

    public async Task StartAsync()
    {
        // Alone at first: it has the control plane.
        await Task.WhenAll(Pair[0].StartAsync(), OtherServer.StartAsync(), ThirdServer.StartAsync());
        await Pair[1].StartAsync();
    }

    /// <summary>The shard and the home of a document.</summary>
    public async Task<(string Shard, string Home)> LocateAsync(string collection, string id)
    {
        var home = await OtherServer.Http.GetFromJsonAsync<JsonElement>($"/v1/geo/homes/documents/{collection}/{id}");
        return (home.GetProperty("shard").GetString()!, home.GetProperty("home").GetString()!);
    }

    /// <summary>How many shards are at home in the region of two silos.</summary>
    public async Task<int> HomesAsync() => (await OtherServer.Http.GetFromJsonAsync<JsonElement>("/v1/geo/topology"))
        .GetProperty("shards").EnumerateArray().Count(static shard => shard.GetProperty("home").GetString() == Region);

    /// <summary>Completes when Orleans has given the silo up.</summary>
    public Task WhenDeclaredDeadAsync(PausableServer server) => Wait.UntilAsync(
        $"Orleans declares {server.Name} dead",
        async () =>
        {
            await foreach (var row in _members.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Region} and SiloName eq {server.Name}")))
            {
                if (row.GetString("Status") is "Active" or "Joining")
                {
                    return false;
                }
            }

            return true;
        },
        OrleansDeclaresDead);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in (PausableServer[])[.. Pair, OtherServer, ThirdServer])
        {
            await server.DisposeAsync();
        }

        _world.Dispose();
    }

    private PausableServer Create(string region, int silo)
    {
        var name = $"{region}-{silo}";
        var settings = _world.SettingsOf(region, silo);
        settings["Geo:Silo:Name"] = name;
        settings["Geo:Shards:Hash"] = "12";
        settings["Geo:Shards:PerRegion"] = "1";

        // So that the region is home again before the next silo is stopped.
        settings["Geo:Failover:FailbackDelay"] = "00:00:05";
        if (region == Region)
        {
            settings.Remove("Geo:Storage:Sqlite:Path");
            settings["Geo:Storage:AzureTables:ConnectionString"] = _account;
            settings["Geo:Membership:AzureTables:ConnectionString"] = _account;
        }

        return new(name, settings, _world.Client(region, _world.Tokens.Make("client", "geo.read geo.write", until: TokenSeconds), silo), _record);
    }
}
