using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Events;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Loops;
using OrleansGeo.Runtime.Topology;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Failover;

/// <summary>The shell around <see cref="RegionControl"/>: clock, timers, the own acceptor, messages to the others. Thread-safe.</summary>
internal sealed partial class ControlPlane : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private const int SecretBytes = 32;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly IRegionStore _store;
    private readonly IRegionLinks _links;
    private readonly CurrentTopology _known;
    private readonly LeaseClock _clock;
    private readonly TimeProvider _time;
    private readonly BackgroundLoops _loops;
    private readonly GeoOptions _options;
    private readonly FailoverOptions _failover;
    private readonly GeoEvents _events;
    private readonly ILogger _logger;
    private readonly AcceptorAges _ages = new();
    private readonly StoreHealth _health;
    private readonly StoreReturn _return;
    private readonly CancellationTokenSource _siloStops = new();
    private ControlRun? _run;
    private TaskCompletionSource _changed = NewSignal();
    private long _version;
    private long _generation;

    public ControlPlane(
        IRegionStore store,
        IRegionLinks links,
        CurrentTopology known,
        LeaseClock clock,
        TimeProvider time,
        BackgroundLoops loops,
        IOptions<GeoOptions> options,
        IOptions<FailoverOptions> failover,
        GeoEvents events,
        ILogger<ControlPlane> logger)
    {
        _store = store;
        _links = links;
        _known = known;
        _clock = clock;
        _time = time;
        _loops = loops;
        _options = options.Value;
        _failover = failover.Value;
        _events = events;
        _logger = logger;
        _health = new(clock, _failover.LeaseDuration / 3);
        var types = new TypesRegister(links, _options.Self, known.Value.Map, clock, askOwn: null);
        _return = new(store, links, _options.Self, known.Value.Map, types, time, logger);
    }

    private RegionControl? Control => _run?.Control;

    private StoreStanding Standing => _run?.Standing ?? StoreStanding.NotCompared;

    /// <summary>The store is known to hold all that it held, by more than its operator's word.</summary>
    private bool IsWhole => Standing == StoreStanding.Proven;

    /// <summary>An acceptor that may have forgotten what it promised does not vote.</summary>
    private bool MayVote => Standing is StoreStanding.NotProven or StoreStanding.Trusted or StoreStanding.Proven;

    /// <summary>
    /// Whoever waits here is told before the silo ends its grains: Orleans ends no activation that has a request under way, and what the request waits for
    /// may be a majority that stops too.
    /// </summary>
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(ControlPlane), ServiceLifecycleStage.Active, static _ => Task.CompletedTask, _ => _siloStops.CancelAsync());

    /// <summary>Starts a run of the control plane, under a boot number that was never used, in place of an earlier one that nobody ended.</summary>
    public async Task<ControlRun> StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var config = new ControlConfig
        {
            Self = _options.Self,
            Map = _known.Value.Map,
            Boot = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))),
            IsStoreShared = _store.IsShared,
            Secret = RandomNumberGenerator.GetBytes(SecretBytes),
            LeaseDuration = _failover.LeaseDuration,
            DriftMargin = _failover.DriftMargin,
            TakeoverStep = _failover.TakeoverStep,
            StartGrace = _failover.StartGrace,
        };
        var run = new ControlRun(new(config, _known.Decided, _clock.Now));
        ControlRun? earlier;
        lock (_lock)
        {
            (earlier, _run) = (_run, run);
            run.Control.GiveUp("its store was not compared with the other regions yet", _clock.Now);
            _version = run.Control.Topology.Version;
            _generation = 0;
        }

        if (earlier is not null)
        {
            // An activation that was given up before it had started is not told that it ends.
            await earlier.StopAsync();
        }

        run.Start(_loops.Create(Ticking, _ => new(Tick(run.Control)), _logger, run.Stopping), _loops.Create(Comparing, _ => CompareAsync(run), _logger, run.Stopping));
        return run;
    }

    public async Task StopAsync(ControlRun run)
    {
        await run.StopAsync();
        lock (_lock)
        {
            if (_run == run)
            {
                _run = null;
            }
        }
    }

    public void Dispose()
    {
        _run?.Dispose();
        _siloStops.Dispose();
    }

    /// <summary>A vote is asked for: of the acceptor, or on a shard's epoch.</summary>
    /// <exception cref="OrleansException">The store may have forgotten what it voted before.</exception>
    public void RequireVote()
    {
        if (!MayVote)
        {
            throw new OrleansException($"{_options.Region} does not vote: its store is not known to hold all that it held.");
        }
    }

    /// <exception cref="OrleansException">The store may have forgotten what it held.</exception>
    public void RequireProof() => Require(IsProven);

    /// <exception cref="OrleansException">The store is not known to hold all that it held, whatever its operator says.</exception>
    public void RequireWhole() => Require(IsWhole);

    /// <exception cref="OrleansException">This run holds another lease, or none.</exception>
    public void RequireGeneration(long generation)
    {
        lock (_lock)
        {
            if (Control is not { } control || !control.HoldsLease(_clock.Now) || control.Generation != generation)
            {
                throw new OrleansException($"{_options.Region} does not hold its lease of generation {generation}.");
            }
        }
    }

    /// <summary>What ends every wait of a run's callers: the run ends, or its silo does.</summary>
    public CancellationTokenSource EndsOf(ControlRun run) => CancellationTokenSource.CreateLinkedTokenSource(run.Stopping, _siloStops.Token);

    /// <summary>Completes when an earlier run of the region, which may live on another silo, can have granted nothing that still holds.</summary>
    public async Task WhenEarlierEndedAsync()
    {
        while (true)
        {
            TimeSpan remaining;
            ControlRun run;
            lock (_lock)
            {
                run = _run ?? throw new OrleansException("The control plane is stopping.");
                remaining = run.Control.EarlierEndsAt - _clock.Now;
            }

            if (remaining <= TimeSpan.Zero)
            {
                return;
            }

            // What is seen of the earlier run's lease may end sooner.
            await Task.Delay(remaining < Look ? remaining : Look, _time, run.Stopping);
        }
    }

    /// <summary>Whether the store is known to hold all that it held, or its operator says so. Asked before the store is: what it says may be from before it was made whole.</summary>
    public bool IsProven => IsWhole || Standing == StoreStanding.Trusted;

    /// <summary>The own acceptor takes a message, of this region's proposers or another's.</summary>
    public async Task<RegisterReply> TakeAsync(string register, RegisterMessage message)
    {
        if (message is not RegisterMessage.Read)
        {
            RequireVote();
        }

        // Before the store answers: what it says may be from before it was made whole.
        var isProven = IsProven;
        RegisterTaken taken;
        try
        {
            taken = await _store.TakeAsync(register, message);
            _health.Worked();
        }
        catch (RegionStoreException exception)
        {
            _health.Failed(exception.Message);
            Wake();
            throw;
        }

        TimeSpan age;
        lock (_lock)
        {
            age = _ages.Age(register, taken.State, _clock.Now);
            if (taken.Granted && message is RegisterMessage.Accept)
            {
                Control?.Observed(register, taken.State, _clock.Now);
            }
        }

        Pump();
        return new(taken.Granted, taken.State, age, isProven);
    }

    public void Heard(WorldTopology topology)
    {
        lock (_lock)
        {
            Control?.Heard(topology, _clock.Now);
        }

        Pump();
    }

    /// <summary>A topology that another region says is decided. It may be of a newer version than this region.</summary>
    public void Heard(byte[] decided)
    {
        WorldTopology topology;
        try
        {
            topology = TopologyCodec.Decode(_known.Value.Map, decided);
        }
        catch (FormatException exception)
        {
            // For this region's operator to see: the other one is well.
            Say(RegisterNames.Topology, exception);
            return;
        }

        Heard(topology);
    }

    /// <summary>Asks for a change of the topology; completes when it is decided whether it was applied.</summary>
    /// <exception cref="Exception">What the change threw, or why this region cannot read the topology. An earlier attempt may have been made.</exception>
    public async Task<bool> ChangeAsync(Func<WorldTopology, WorldTopology?> change)
    {
        var decided = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        ControlRun run;
        lock (_lock)
        {
            run = _run ?? throw new OrleansException("The control plane is stopping.");
            run.Control.Change(change, applied => decided.TrySetResult(applied), _clock.Now, exception => decided.TrySetException(exception));
        }

        Pump();
        using var ends = EndsOf(run);
        return await decided.Task.WaitAsync(ends.Token);
    }

    public async Task CatchUpAsync(long version, TimeSpan bound)
    {
        lock (_lock)
        {
            if (Control is not { } control || control.Topology.Version >= version)
            {
                return;
            }

            control.Refresh(_clock.Now);
        }

        Pump();
        await WhenNewerAsync(version - 1, -1, bound, generationCounts: false);
        lock (_lock)
        {
            if (Control is not { } control || control.Topology.Version >= version)
            {
                return;
            }
        }

        // While a link is cut, those that answer may hold values that differ, and no reading of them shows what was decided: deciding it again does.
        DecideAgain();
        await WhenNewerAsync(version - 1, -1, bound, generationCounts: false);
    }

    /// <summary>Completes when a newer topology or another lease generation is known, or after a while.</summary>
    public async Task WhenNewerAsync(long version, long generation, TimeSpan bound, bool generationCounts = true)
    {
        Task changed;
        ControlRun run;
        lock (_lock)
        {
            if (_run is null || _run.Control.Topology.Version > version || (generationCounts && _run.Control.Generation != generation))
            {
                return;
            }

            (changed, run) = (_changed.Task, _run);
        }

        using var ends = EndsOf(run);

        try
        {
            await changed.WaitAsync(bound, _time, ends.Token);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            // The asker learns what there is.
        }
    }

    public FollowReply Describe(long version)
    {
        lock (_lock)
        {
            var control = (_siloStops.IsCancellationRequested ? null : Control) ?? throw new OrleansException("The control plane is stopping.");
            var now = _clock.Now;
            return new(
                control.Topology.Version,
                control.Topology.Version > version ? TopologyCodec.Encode(control.Topology) : null,
                control.HoldsLease(now) ? control.Generation : 0,
                Math.Max(0, (control.ValidUntil - now).TotalMilliseconds),
                [.. control.Topology.Regions.All.Select(region => Health(control, region, now))],
                IsProven,
                IsWhole || _run!.OwnsRows,
                IsProven || (Standing == StoreStanding.NotCompared && _store.IsContinued),
                IsForced: Standing == StoreStanding.Trusted);
        }
    }

    private void Require(bool holdsAll)
    {
        if (!holdsAll)
        {
            throw new OrleansException($"The store of {_options.Region} is not known to hold all that it held.");
        }
    }

    private static RegionHealth Health(RegionControl control, RegionId region, TimeSpan now)
    {
        control.HasEnded(region, out var ended);
        return new(
            control.IsLive(region, now),
            control.IsEligible(region, now),
            control.LiveSince(region, now) is { } since ? (long)(now - since).TotalMilliseconds : 0,
            ended);
    }

    private LoopConfig Ticking => new()
    {
        Name = "control plane",
        Effect = $"{_options.Region} does not renew its lease, steps back when that has run out, and takes no other region's homes over",
        FirstPause = _failover.LeaseDuration / 8,
        LongestPause = _failover.LeaseDuration / 8,
    };

    private LoopConfig Comparing => new()
    {
        Name = "comparison of the store",
        Effect = $"{_options.Region} shows nothing from its replicas and takes no writes of multi-writer entities, because its store is not known to hold all that it held",
    };

    /// <summary>The time that is due may have changed.</summary>
    private void Wake() => _run?.Wake();

    private LoopNext Tick(RegionControl control)
    {
        TimeSpan pause;
        lock (_lock)
        {
            var now = _clock.Now;
            control.Tick(now);
            CheckStore(control, now);
            pause = control.Due - now;
        }

        Pump();
        return LoopNext.After(pause);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
