using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Simulation.Checkers;
using OrleansGeo.Simulation.Clients;
using OrleansGeo.Simulation.Moves;
using OrleansGeo.Simulation.Rows;
using OrleansGeo.Simulation.Stores;

namespace OrleansGeo.Simulation;

/// <summary>One run: regions, clients, faults and judges around one clock and one seed.</summary>
internal sealed class SimWorld : ITraced
{
    private const long Bound = 30_000_000;
    private readonly Action<string>? _trace;
    private readonly ImmutableArray<int> _indexes;

    public SimWorld(ulong seed, SimFault fault = SimFault.None, Action<string>? trace = null, Func<SimConfig, SimConfig>? adjust = null)
    {
        _trace = trace;
        Chance = new(seed);
        Config = SimConfig.From(Chance, fault);
        Config = adjust?.Invoke(Config) ?? Config;
        Map = CreateMap();
        _indexes = PickShards();
        Newest = WorldTopology.Initial(Map);
        Checks = new(this);
        Network = new(this);
        Regions = [.. Enumerable.Range(0, Config.Regions).Select(index => new SimRegion(this, index))];
        Clients = [.. Enumerable.Range(0, Config.Clients).Select(client => new SimClient(this, Chance.Below(Config.Regions), client < Config.Sessions ? new(this) : null))];
        RowClients = [.. Enumerable.Range(0, Config.Rows ? Config.RowClients : 0).Select(_ => new RowClient(this))];
        Disks = new(this);
        Movers = [.. Enumerable.Range(0, Config.Moves ? Config.Movers : 0).Select(_ => new SimMover(this, Chance.Below(Config.Regions)))];
        Moves = new(this);
    }

    public SimConfig Config { get; }

    public Chance Chance { get; }

    public EventQueue Events { get; } = new();

    public ShardMap Map { get; }

    public SimNetwork Network { get; }

    public SimRegion[] Regions { get; }

    public SimClient[] Clients { get; }

    public RowClient[] RowClients { get; }

    public SimDisks Disks { get; }

    public SimMover[] Movers { get; }

    public MoveAsks Moves { get; }

    /// <summary>The newest topology that any region knows to be decided. For judges and chaos only.</summary>
    public WorldTopology Newest { get; private set; }

    public SimChecks Checks { get; }

    public List<SimOperation> Operations { get; } = [];

    public List<RowOperation> RowOperations { get; } = [];

    /// <summary>No fault comes any more: what is left must come to rest.</summary>
    public bool IsQuiet { get; private set; }

    public bool IsTracing => _trace is not null;

    /// <summary>How many shards this run has.</summary>
    public int ShardCount => Config.Shards.Length + (Config.Rows ? Config.Regions : 0);

    /// <summary>The shards of rows of multi-writer entities, one for each region; they come after the others.</summary>
    public IEnumerable<int> RowShards => Enumerable.Range(Config.Shards.Length, ShardCount - Config.Shards.Length);

    public bool IsRow(int shard) => shard >= Config.Shards.Length;

    public int RowOf(int region) => Config.Shards.Length + region;

    public int OwnerOf(int row) => row - Config.Shards.Length;

    public ShardFamily FamilyOf(int shard) => IsRow(shard) ? ShardFamily.Row : Config.Shards[shard];

    public int IndexOf(RegionId region) => Map.Regions.IndexOf(region);

    /// <summary>Where a shard of this run stands in the map, which has more: they stay empty.</summary>
    public int MapIndexOf(int shard) => _indexes[shard];

    /// <summary>The shard of an entity's key, where there are moves: each entity is one whichever shard it is in.</summary>
    public int ShardOfKey(string entity) => entity[^1] % Config.Shards.Length;

    public ShardId IdOf(int shard) => Map[_indexes[shard]];

    public int ShardAt(ShardId id) => _indexes.IndexOf(Map.IndexOf(id));

    public ShardState StateOf(int shard) => Newest[_indexes[shard]];

    public string NameOf(int region) => Map.Regions[region].Name;

    public void Trace([InterpolatedStringHandlerArgument("")] TraceText text)
    {
        if (_trace is not null)
        {
            _trace($"{Events.Now,10} {text.Text}");
        }
    }

    /// <summary>A region knows this topology to be decided.</summary>
    public void Learned(WorldTopology topology)
    {
        if (topology.Version > Newest.Version)
        {
            Newest = topology;
            Trace($"topology {topology.Version}: {string.Join(", ", Enumerable.Range(0, Config.Shards.Length).Select(shard => $"shard {shard} {topology[_indexes[shard]].Home.Token} -> {topology[_indexes[shard]].Reserved}"))}; {string.Join(", ", topology.Regions.All.Select(region => $"{region} {topology.StateOf(region).Generation} {topology.StateOf(region).Mode}"))}");
        }
    }

    /// <exception cref="SimViolation">A checker found an invariant broken.</exception>
    public void Run()
    {
        Disks.KeepsByChance = Config.DisksReplaced;
        Begin();
        foreach (var client in Clients)
        {
            client.Start();
        }

        foreach (var client in RowClients)
        {
            client.Start();
        }

        foreach (var mover in Movers)
        {
            mover.Start();
        }

        new Chaos(this).Start();
        Until(Config.ChaosMilliseconds);
        Rest();
    }

    /// <summary>Starts every region, and nothing that disturbs them.</summary>
    public void Begin()
    {
        Trace($"{Config} shards {string.Join(",", _indexes.Select(index => Map[index].Name))}");
        foreach (var region in Regions)
        {
            region.Start();
        }

        Tick();
    }

    public void Until(long milliseconds)
    {
        while (Events.Step(milliseconds * 1_000))
        {
        }
    }

    /// <summary>Ends every fault, and judges what is left.</summary>
    public void Rest()
    {
        Calm();
        var end = Events.Now;
        var why = "it did not start";
        for (var goesOn = true; goesOn && (why = Checks.WhyNotAtRest()) is not null;)
        {
            for (var i = 0; i < 50 && goesOn; i++)
            {
                goesOn = Events.Step(end + Bound);
            }
        }

        SimViolation.Unless(why is null, $"Invariant 11: {Bound / 1_000_000} s after the last fault {why}.");
        Checks.Final();
    }

    private void Calm()
    {
        IsQuiet = true;
        Trace($"calm from here on");
        Network.Heal();
        foreach (var region in Regions)
        {
            region.Recover();
        }

        if (Config.RestoreInTheEnd)
        {
            foreach (var region in Map.Regions.All)
            {
                Regions[0].Control!.Ask(topology => TopologyChanges.SetMode(topology, region, RegionMode.Normal), null);
            }
        }
    }

    private void Tick()
    {
        foreach (var region in Regions)
        {
            region.Run(() =>
            {
                if (region.IsUp)
                {
                    Disks.Tick(region.Index);
                    region.Tick();
                }
            });
        }

        Events.After(Chance.Between(10_000, 30_000), Tick);
    }

    private ShardMap CreateMap()
    {
        var regions = new WorldRegions([.. Enumerable.Range(0, Config.Regions).Select(static index => new RegionId($"r{index}"))]);
        var preferences = new HomePreferences
        {
            Witnesses = Config.Witness && Config.Regions > 2 ? [regions[Chance.Below(Config.Regions)]] : [],
            Priority = Config.ActivePassive ? [regions[Chance.Below(Config.Regions)]] : [],
        };
        return new(regions, 1, 1, preferences);
    }

    private ImmutableArray<int> PickShards()
    {
        var picked = new List<int>();
        foreach (var family in Config.Shards)
        {
            var candidates = Enumerable.Range(0, Map.Count).Where(index => Map.FamilyOf(index) == family && !picked.Contains(index)).ToList();
            picked.Add(Chance.Pick(candidates));
        }

        picked.AddRange(RowShards.Select(row => Map.Count + OwnerOf(row)));

        return [.. picked];
    }
}
