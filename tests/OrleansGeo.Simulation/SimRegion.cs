using OrleansGeo.Protocol.Leases;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Simulation.Probes;
using OrleansGeo.Simulation.Rows;
using OrleansGeo.Simulation.Shells;
using OrleansGeo.Simulation.Stores;

namespace OrleansGeo.Simulation;

/// <summary>One region: its disk and clock, which outlive it, and its process, which a crash ends. What its shards are to it is in the other part.</summary>
internal sealed partial class SimRegion(SimWorld world, int index) : ITraced
{
    private readonly List<SeatShell> _zombies = [];
    private readonly Queue<Action> _deferred = new();
    private readonly LocalClock _clock = new(
        TimeSpan.FromMilliseconds(world.Chance.Below(1_000_000)),
        1 + (world.Config.DriftMargin * world.Chance.Below(1_000) * (world.Config.Fault == SimFault.ClocksDriftBeyondMargin ? 0.004 : 0.001)));

    private WorldTopology _kept = WorldTopology.Initial(world.Map);
    private readonly HiddenTime _hidden = new(world.Config.LeaseDuration / 50);
    private TimeSpan _uncounted;
    private long _stalledUntil;

    public int Index => index;

    public RegionId Id { get; } = world.Map.Regions[index];

    public bool IsUp { get; private set; }

    /// <summary>Which run of the process this is.</summary>
    public int Runs { get; private set; }

    public SimStore Store { get; } = new(world, index);

    public ControlShell? Control { get; private set; }

    public SimProber? Prober { get; private set; }

    /// <summary>Whether this run knows its store to hold all that it held; null while it is down.</summary>
    public StoreStanding? Standing { get; private set; }

    /// <summary>What this run knows of the rows of multi-writer entities; null while it is down.</summary>
    public RowRegion? Rows { get; private set; }

    /// <summary>The activations of the shards.</summary>
    public SeatShell?[] Seats { get; } = new SeatShell?[world.ShardCount];

    /// <summary>What is seen of a shard here, by its number.</summary>
    public ShownShells Shells => new(Seats);

    public IEnumerable<SeatShell> AllSeats => Seats.OfType<SeatShell>().Concat(_zombies);

    /// <summary>Every home and replica, of old activations, too, and shown or not.</summary>
    public IEnumerable<ShardShell> AllShells => AllSeats.SelectMany(static seat => new ShardShell?[] { seat.Home, seat.Replica }).OfType<ShardShell>();

    /// <summary>The newest topology that this region knows; while it is down, what it knew when it went.</summary>
    public WorldTopology Topology => Control?.Control.Topology ?? _kept;

    /// <summary>The region's monotonic time, with what its clock did not count while its machine was paused.</summary>
    public TimeSpan Now
    {
        get
        {
            var monotonic = _clock.At(world.Events.Now) - _uncounted;
            var wall = TimeSpan.FromMicroseconds(world.Events.Now * ClockRate);
            if (_hidden.IsOdd(monotonic, wall))
            {
                _hidden.Look(monotonic, wall, monotonic);
            }

            return monotonic + Noticed;
        }
    }

    private TimeSpan Noticed => world.Config.Fault == SimFault.PauseNotNoticed ? TimeSpan.Zero : _hidden.Skipped;

    public bool IsTracing => world.IsTracing;

    /// <summary>How fast this region's clock is.</summary>
    public double ClockRate => _clock.Rate;

    /// <summary>When this region's clock showed a time. For judges only.</summary>
    public long When(TimeSpan local)
    {
        // First what it has not noticed yet.
        _ = Now;
        return _clock.When(local + _uncounted - Noticed);
    }

    public void Start()
    {
        world.Trace($"{Id} starts");
        IsUp = true;
        Runs++;
        _heard.AsSpan().Clear();
        (_held, _ended) = (default, default);
        Prober = new(world, this);
        Prober.Start();
        Rows = new(world, this);
        Standing = new(world, this);
        Control = new(world, this, world.Chance.Percent(50) ? _kept : WorldTopology.Initial(world.Map));
        for (var shard = 0; shard < Seats.Length; shard++)
        {
            Activate(shard);
        }

        Standing.Start();
        Control.Pump();
        Control.Review();
    }

    public void Crash()
    {
        if (!IsUp)
        {
            return;
        }

        world.Trace($"{Id} crashes");
        IsUp = false;
        _kept = Topology;
        Control!.Stop();
        Control = null;
        Rows = null;
        Standing = null;
        foreach (var seat in AllSeats)
        {
            seat.Stop();
        }

        _zombies.Clear();
        _deferred.Clear();
        _stalledUntil = 0;
        Store.Crash();
        Array.Clear(Seats);
    }

    /// <summary>Nothing happens in the region for a while. Its clock goes on, what its disk was asked is done, and messages wait.</summary>
    public void Stall(long microseconds)
    {
        if (!IsUp || _stalledUntil > world.Events.Now)
        {
            return;
        }

        world.Trace($"{Id} stands still for {microseconds} µs");
        _stalledUntil = world.Events.Now + microseconds;
        var runs = Runs;
        world.Events.After(microseconds, () =>
        {
            if (Runs == runs)
            {
                Awake();
            }
        });
    }

    /// <summary>The machine is paused for a while: as if it stood still, but its monotonic clock does not know of it.</summary>
    public void Pause(long microseconds)
    {
        if (IsUp && _stalledUntil <= world.Events.Now)
        {
            world.Trace($"{Id} is paused");
            _ = Now;
            Stall(microseconds);
            _uncounted += TimeSpan.FromMicroseconds(microseconds * ClockRate);
        }
    }

    /// <summary>The last fault is over.</summary>
    public void Recover()
    {
        Store.Queue.Recover();
        Awake();
        if (!IsUp)
        {
            Start();
        }
    }

    /// <summary>Lets something happen in this region: now, or when it goes on.</summary>
    public void Run(Action action)
    {
        if (_stalledUntil > world.Events.Now)
        {
            _deferred.Enqueue(action);
        }
        else
        {
            action();
        }
    }

    /// <summary>Lets something happen when this region's clock shows <paramref name="local"/>.</summary>
    public void At(TimeSpan local, Action action) => world.Events.After(Math.Max(1, When(local) - world.Events.Now), () => Run(action));

    /// <summary>A second activation of a shard, while the first does not know yet that it is dead.</summary>
    public void Duplicate(int shard)
    {
        if (Seats[shard] is { } old)
        {
            world.Trace($"{Id} shard {shard}: a second activation");
            _zombies.Add(old);
            world.Events.After(world.Chance.Between(10_000, 300_000), () =>
            {
                old.Stop();
                _zombies.Remove(old);
            });
            Seats[shard] = null;
            Activate(shard);
        }
    }

    public void Tick()
    {
        Control!.Tick();
        foreach (var seat in AllSeats.ToArray())
        {
            seat.Tick();
        }
    }

    private void Awake()
    {
        _stalledUntil = 0;
        while (_stalledUntil == 0 && _deferred.TryDequeue(out var action))
        {
            action();
        }
    }
}
