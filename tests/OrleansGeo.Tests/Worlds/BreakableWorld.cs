using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.World;
using OrleansGeo.Storage;
using OrleansGeo.Storage.Memory;
using OrleansGeo.Testing;

namespace OrleansGeo.Tests.Worlds;

/// <summary>A world of three regions with short leases, whose disks outlive their regions. Homes return only when an operator says so.</summary>
internal sealed class BreakableWorld : IAsyncDisposable
{
    public const string West = "westeurope";
    public const string East = "eastus2";
    public const string Asia = "southeastasia";

    public static readonly string[] Names = [West, East, Asia];

    private readonly Dictionary<string, MemoryRegionDisk> _disks = Names.ToDictionary(static name => name, static _ => new MemoryRegionDisk());

    private BreakableWorld()
    {
    }

    public GeoTestCluster World { get; private set; } = null!;

    public GeoTestRegion this[string region] => World[region];

    /// <summary>What the region starts on.</summary>
    public MemoryRegionDisk DiskOf(string region) => _disks[region];

    public void Restore(string region, MemoryRegionDisk backup) => _disks[region] = backup;

    /// <param name="configure">Further options.</param>
    /// <param name="configureSilo">Further configuration of every silo.</param>
    /// <param name="wrap">What a region gets in place of its store.</param>
    public static async Task<BreakableWorld> StartAsync(
        Action<GeoOptions>? configure = null, Action<ISiloBuilder>? configureSilo = null, Func<RegionId, IRegionStore, IRegionStore>? wrap = null)
    {
        var broken = new BreakableWorld();
        broken.World = await GeoTestCluster.StartUnlinkedAsync(new()
        {
            SilosPerRegion = 1,
            CreateStore = region => new MemoryRegionStore(broken._disks[region.Name]) is var store && wrap is null ? store : wrap(region, store),
            ConfigureSilo = silo =>
            {
                silo.Services.AddSingleton<CallLog>();
                configureSilo?.Invoke(silo);
            },
            ConfigureGeo = geo =>
            {
                geo.Services.Configure<FailoverOptions>(static failover =>
                {
                    failover.LeaseDuration = TimeSpan.FromSeconds(3);
                    failover.TakeoverStep = TimeSpan.FromSeconds(0.5);
                    failover.Failback = false;
                });
                if (configure is not null)
                {
                    geo.Services.Configure(configure);
                }
            },
        });
        await broken.World.WhenLinkedAsync();
        await Wait.UntilAsync("every region acts", () => Task.FromResult(Names.All(name => broken.StatusOf(name, name).HoldsLease)));
        await broken.World.WhenSettledAsync();
        return broken;
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();

    public ILedger Ledger(string region, string key) => World[region].Grains.GetGrain<ILedger>(key);

    public INote Note(string region, string key) => World[region].Grains.GetGrain<INote>(key);

    /// <summary>A write under a request key of its own text, which may be asked for again. Null: it was refused, or its outcome is unknown.</summary>
    public static async Task<int?> TryAppendAsync(ILedger ledger, string text)
    {
        try
        {
            using var session = GeoSession.Begin(new() { RequestKey = text });
            return await ledger.Append(text);
        }
        catch (GeoException)
        {
            return null;
        }
    }

    public IGeoAdmin Admin(string region) => World[region].Services.First().GetRequiredService<IGeoAdmin>();

    public Task DrainAsync(string through, string region) => Admin(through).DrainAsync(new RegionId(region));

    public RegionStatus StatusOf(string through, string region) => World[through].Services.First()
        .GetRequiredService<IGeoWorld>().GetRegions().First(status => status.Region.Name == region);

    /// <summary>From now on: whether any silo could not act for its region at any time, because the machine was too busy to renew its lease.</summary>
    public Func<bool> WatchLeases()
    {
        var lapsed = 0;
        foreach (var authority in World.Regions.SelectMany(static region => region.Services).Select(static services => services.GetRequiredService<RegionAuthority>()))
        {
            authority.Changed += () => Interlocked.Add(ref lapsed, authority.Generation == 0 ? 1 : 0);
        }

        return () => Volatile.Read(ref lapsed) > 0;
    }

    /// <summary>How many shards the region is home of when all is well.</summary>
    public int PreferredHomesOf(string region)
    {
        var map = World[region].Services.First().GetRequiredService<IGeoWorld>().Topology.Map;
        return Enumerable.Range(0, map.Count).Count(shard => map.PreferredHome(shard).Name == region);
    }

    public string HomeOf(string through, string type, string key) => World[through].Services.First()
        .GetRequiredService<IGeoWorld>().Locate(Orleans.Runtime.GrainId.Create(type, key))!.Value.Home.Region.Name;

    public Task WhenHomesAsync(string through, string region, Func<int, bool> expected) =>
        Wait.UntilAsync($"{through} sees the homes that {region} should have", () => Task.FromResult(expected(StatusOf(through, region).ShardsHomed)));

    /// <summary>How many fields, tombstones included, all regions' rows of a multi-writer entity have under one state, by what the first region stored last.</summary>
    public async Task<int> FieldsAsync(string type, string key, string state)
    {
        var entity = $"{type}/{key}";
        var fields = 0;
        foreach (var shard in (await World[West].Store.ListShardsAsync()).Where(static shard => shard.Name.StartsWith("c-", StringComparison.Ordinal)))
        {
            var record = await World[West].Store.ReadRecordAsync(shard, entity);
            foreach (var row in await World[West].Store.ReadLogAsync(shard, (await World[West].Store.ReadHeadAsync(shard)).Checkpoint.Next, int.MaxValue))
            {
                record = LogRowCodec.Decode(row).Where(entry => entry.Entity == entity).Aggregate(record, static (older, entry) => new EntityRecord(entry.Changes).Over(older));
            }

            fields += record.States.Count(field => field.Bytes is not null && field.Name.StartsWith($"{state}\u001F", StringComparison.Ordinal));
        }

        return fields;
    }

    public void CutOff(string region)
    {
        foreach (var other in Names.Where(name => name != region))
        {
            World.Cut(region, other);
        }
    }

    public async Task RejoinAsync(string region)
    {
        foreach (var other in Names.Where(name => name != region))
        {
            World.Heal(region, other);
        }

        await World.WhenLinkedAsync();
    }

    /// <summary>Heals the cut between two running regions, which need not be able to act.</summary>
    public async Task RelinkAsync(string one, string other)
    {
        World.Heal(one, other);
        await Wait.UntilAsync($"{one} and {other} are linked", () => Task.FromResult(StatusOf(one, other).IsUp && StatusOf(other, one).IsUp));
    }
}
