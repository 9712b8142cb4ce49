using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OrleansGeo.Api;
using OrleansGeo.Api.Errors;
using OrleansGeo.Api.Geo;
using OrleansGeo.Api.LostWrites;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.World.Drills;
using OrleansGeo.World.Drills.Entities;
using OrleansGeo.World.Processes;
using OrleansGeo.World.Wan;

namespace OrleansGeo.Tests.World.Drills;

/// <summary>Three web APIs over one memory, in which homes move as they should after a moment: and what goes wrong, goes wrong on demand.</summary>
internal sealed class DrillWorld : IRegionPower, IDrillProgress, IAsyncDisposable
{
    private const int HashShards = 4;

    private static readonly string[] Names = ["westeurope", "eastus2", "southeastasia"];

    private readonly Lock _gate = new();
    private readonly List<LoopbackApp> _apps = [];
    private readonly DrillShard[] _shards;
    private readonly Dictionary<string, DrillMemory> _entities = [];
    private readonly Dictionary<string, long> _answers = [];
    private readonly Dictionary<string, string> _modes = [];
    private readonly bool[] _down = new bool[Names.Length];
    private readonly bool[,] _cut = new bool[Names.Length, Names.Length];
    private readonly List<string> _said = [];

    private DrillWorld() =>
        _shards = [.. Enumerable.Range(0, 2 * HashShards).Select(static i => new DrillShard($"{"qr"[i / HashShards]}-{i % HashShards:00}", i % Names.Length))];

    public ImmutableArray<ReadyRegion> Regions { get; private set; }

    /// <summary>What happens to a write, by its key.</summary>
    public Func<string, DrillFault> Fault { get; set; } = static _ => DrillFault.None;

    /// <summary>How long after a loss the homes of a region are elsewhere.</summary>
    public TimeSpan Recovery { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a write takes while a home moves as planned.</summary>
    public TimeSpan HoldUp { get; set; }

    /// <summary>A region that is cut off goes on acknowledging, which it must not.</summary>
    public bool GoesOnWhenCutOff { get; set; }

    public List<LostWriteView> Ledger { get; } = [];

    public string Said => string.Join('\n', _said);

    public bool AnyCut => _cut.Cast<bool>().Any(static cut => cut);

    public static async Task<DrillWorld> StartAsync(int regions = 3)
    {
        var world = new DrillWorld();
        for (var region = 0; region < regions; region++)
        {
            var self = region;
            world._apps.Add(await LoopbackApp.StartAsync(static services => services.AddGeoApi(), app => world.Map(app, self)));
        }

        world.Regions = [.. world._apps.Select(static (app, region) => new ReadyRegion(Names[region], Environment.ProcessId, app.Url))];
        return world;
    }

    public Task<DrillReport> RunAsync(DrillOptions options, CancellationToken cancellationToken = default) =>
        new DrillRunner(() => Regions, this, this, TimeProvider.System).RunAsync(options, cancellationToken);

    /// <summary>Takes an acknowledged write away, as a forced promotion may.</summary>
    public void Forget(string entity, string writer, long sequence)
    {
        lock (_gate)
        {
            _entities[entity].Forget(writer, sequence);
        }
    }

    public void EnsureCanKill(string region)
    {
    }

    public void Kill(string region)
    {
        _down[Array.IndexOf(Names, region)] = true;
        Lose(Array.IndexOf(Names, region));
    }

    public Task StartAsync(string region, CancellationToken cancellationToken)
    {
        _down[Array.IndexOf(Names, region)] = false;
        return Task.CompletedTask;
    }

    public void SetMode(string region, string mode) => _modes[region] = mode;

    public void Say(string line) => _said.Add(line);

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps)
        {
            await app.DisposeAsync();
        }
    }

    private void Map(WebApplication app, int self)
    {
        app.Use(async (http, next) =>
        {
            if (_down[self])
            {
                http.Abort();
                return;
            }

            await next(http);
        });
        app.MapGet("/health/live", static () => "");
        app.MapGet("/v1/geo/topology", () => Results.Ok(Topology()));
        app.MapGet("/v1/geo/regions", () => Results.Ok(new RegionsView(Names[self], [.. Names.Select(static name => new RegionView(name, "up", null, 1, 0, 0, 1, "held", 1, "normal"))])));
        app.MapGet("/v1/geo/homes/{type}/{id}", (string type, string id) => Results.Ok(Home(type["drill-".Length..], id)));
        app.MapGet("/v1/geo/lost-writes", () => Results.Ok(new LostWritesView([.. Ledger], [], [])));
        app.MapPost("/v1/geo/regions/{region}/{verb}", (string region, string verb) => Move(Array.IndexOf(Names, region), verb));
        app.MapGet("/dev/wan", () => Results.Ok(Others(self).Select(to => new WanRuleView(Names[to], 10, 0, _cut[self, to]))));
        app.MapPost("/dev/wan", (WanChange change) => Cut(self, change));
        app.MapGet("/dev/drill/{durability}/{id}", (string durability, string id, HttpContext http) => ReadAsync(self, durability, id, http));
        app.MapPost("/dev/drill/{durability}/{id}", (string durability, string id, HttpContext http) => WriteAsync(self, durability, id, http));
    }

    private static IEnumerable<int> Others(int self) => Enumerable.Range(0, Names.Length).Where(region => region != self);

    private DrillShard ShardOf(string durability, string id) =>
        _shards[(durability == "quorum" ? 0 : HashShards) + (int)(HomeChoice.HashOf(Encoding.UTF8.GetBytes(id)).Hash % HashShards)];

    private bool IsCutOff(int region) => Others(region).All(other => _cut[region, other]);

    private HomeView Home(string durability, string id)
    {
        var shard = ShardOf(durability, id);
        return new($"drill-{durability}/{id}", shard.Name, Names[shard.Home], shard.Epoch, false);
    }

    private TopologyView Topology()
    {
        lock (_gate)
        {
            return new(
                1,
                [.. Names.Take(_apps.Count).Select(name => new TopologyRegionView(name, "up", "held", 1, _modes.GetValueOrDefault(name, "normal")))],
                [.. _shards.Select(static shard => new TopologyShardView(shard.Name, Names[shard.Home], shard.Epoch, null, Names[shard.Preferred]))]);
        }
    }

    /// <summary>The region's homes are elsewhere, as after a failover.</summary>
    public void Displace(int region) => Move(region, "drain");

    private IResult Move(int region, string verb)
    {
        lock (_gate)
        {
            foreach (var shard in _shards.Where(shard => verb == "drain" ? shard.Home == region : shard.Preferred == region && shard.Home != region))
            {
                shard.MoveTo(verb == "drain" ? (region + 1) % Names.Length : region, HoldUp);
            }
        }

        return Results.Accepted();
    }

    private IResult Cut(int self, WanChange change)
    {
        _cut[self, Array.IndexOf(Names, change.To)] = change.Cut == true;
        if (IsCutOff(self) && change.Cut == true)
        {
            Lose(self);
        }

        return Results.Ok();
    }

    private void Lose(int region)
    {
        lock (_gate)
        {
            foreach (var shard in _shards.Where(shard => shard.Home == region))
            {
                shard.MoveTo((region + 1) % Names.Length, Recovery);
            }
        }
    }

    private async Task<IResult> ReadAsync(int self, string durability, string id, HttpContext http)
    {
        if (http.Request.Headers["Geo-Consistency"] == "strong" && await RefusalAsync(self, ShardOf(durability, id)) is { } refusal)
        {
            return refusal;
        }

        lock (_gate)
        {
            var entity = _entities.GetValueOrDefault(id) ?? new DrillMemory();
            http.Response.Headers["Geo-Version"] = $"1.{entity.Count}";
            return Results.Ok(entity.View());
        }
    }

    private async Task<IResult> WriteAsync(int self, string durability, string id, HttpContext http)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body);
        var (shard, key) = (ShardOf(durability, id), http.Request.Headers["Idempotency-Key"].ToString());
        var refusal = GoesOnWhenCutOff && IsCutOff(self) ? null : await RefusalAsync(self, shard);
        if (refusal is not null)
        {
            return refusal;
        }

        lock (_gate)
        {
            http.Response.Headers["Geo-Epoch"] = $"{(GoesOnWhenCutOff && IsCutOff(self) ? 1 : shard.Epoch)}";
            return _answers.TryGetValue(key, out var count) ? Results.Ok(new DrillRecorded(count))
                : Fault(key) == DrillFault.Refused ? new Problem(ProblemKinds.HomeUnavailable, "On demand.")
                : Answer(Fault(key), Apply(id, key, body.RootElement));
        }
    }

    private long Apply(string id, string key, JsonElement body)
    {
        var entity = _entities.TryGetValue(id, out var known) ? known : _entities[id] = new();
        for (var times = Fault(key) switch { DrillFault.Lost => 0, DrillFault.Doubled => 2, _ => 1 }; times > 0; times--)
        {
            entity.Record(body.GetProperty("writer").GetString()!, body.GetProperty("seq").GetInt64());
        }

        return _answers[key] = entity.Count;
    }

    private static IResult Answer(DrillFault fault, long count) => fault switch
    {
        DrillFault.RefusedButDone => new Problem(ProblemKinds.HomeUnavailable, "On demand."),
        DrillFault.Late => new Problem(ProblemKinds.DeadlineExceeded, "On demand."),
        _ => Results.Ok(new DrillRecorded(count)),
    };

    /// <summary>Waits as the router does, as long as the deadline of the tests.</summary>
    private async Task<Problem?> RefusalAsync(int self, DrillShard shard)
    {
        for (var tries = 0; tries < 400; tries++)
        {
            if (IsCutOff(self))
            {
                return new(ProblemKinds.RegionIsolated, "Cut off.");
            }

            if (shard.Serves && !_down[shard.Home] && !IsCutOff(shard.Home))
            {
                return null;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        return new(ProblemKinds.HomeUnavailable, "The home does not come back.");
    }
}
