using System.Runtime.CompilerServices;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Simulation.Checkers;
using OrleansGeo.Simulation.Clients;

namespace OrleansGeo.Simulation;

/// <summary>One run: regions, clients, faults and judges around one clock and one seed.</summary>
internal sealed class SimWorld
{
    private const long Bound = 30_000_000;
    private readonly Action<string>? _trace;

    public SimWorld(ulong seed, SimFault fault = SimFault.None, Action<string>? trace = null, Func<SimConfig, SimConfig>? adjust = null)
    {
        _trace = trace;
        Chance = new(seed);
        Config = SimConfig.From(Chance, fault);
        Config = adjust?.Invoke(Config) ?? Config;
        Topology = [.. Config.Shards.Select(_ => new HomeAssignment(new($"r{Chance.Below(Config.Regions)}"), 1))];
        Checks = new(this);
        Network = new(this);
        Regions = [.. Enumerable.Range(0, Config.Regions).Select(index => new SimRegion(this, index))];
        Clients = [.. Enumerable.Range(0, Config.Clients).Select(_ => new SimClient(this, Chance.Below(Config.Regions)))];
        Administrator = new(this);
    }

    public SimConfig Config { get; }

    public Chance Chance { get; }

    public EventQueue Events { get; } = new();

    public SimNetwork Network { get; }

    public SimRegion[] Regions { get; }

    public SimClient[] Clients { get; }

    public HomeAssignment[] Topology { get; }

    public Administrator Administrator { get; }

    public SimChecks Checks { get; }

    public List<SimOperation> Operations { get; } = [];

    /// <summary>No fault comes any more: what is left must come to rest.</summary>
    public bool IsQuiet { get; private set; }

    public bool IsTracing => _trace is not null;

    public int IndexOf(RegionId region) => int.Parse(region.Name.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);

    public SimRegion RegionOf(RegionId region) => Regions[IndexOf(region)];

    public string NameOf(int region) => $"r{region}";

    public void Trace([InterpolatedStringHandlerArgument("")] TraceText text)
    {
        if (_trace is not null)
        {
            _trace($"{Events.Now,10} {text.Text}");
        }
    }

    /// <exception cref="SimViolation">A checker found an invariant broken.</exception>
    public void Run()
    {
        Trace($"{Config} shards {string.Join(",", Config.Shards)}");
        foreach (var region in Regions)
        {
            region.Start();
        }

        foreach (var client in Clients)
        {
            client.Start();
        }

        new Chaos(this).Start();
        Tick();
        var end = Config.ChaosMilliseconds * 1_000L;
        while (Events.Step(end))
        {
        }

        Calm();
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
            region.Store.Queue.Full = false;
            if (!region.IsUp)
            {
                region.Start();
            }
        }
    }

    private void Tick()
    {
        foreach (var region in Regions)
        {
            if (!region.IsUp)
            {
                continue;
            }

            region.Tick();
            for (var shard = 0; shard < Topology.Length; shard++)
            {
                if (Chance.Percent(IsQuiet ? 30 : 3))
                {
                    region.Learn(shard, Topology[shard]);
                }
            }
        }

        Administrator.Tick();
        Events.After(Chance.Between(10_000, 30_000), Tick);
    }
}
