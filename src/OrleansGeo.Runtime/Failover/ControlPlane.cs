using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.Storage;
using OrleansGeo.Runtime.World;

namespace OrleansGeo.Runtime.Failover;

/// <summary>The shell around <see cref="RegionControl"/>: clock, timers, the own acceptor, messages to the others. Thread-safe.</summary>
internal sealed partial class ControlPlane : IDisposable
{
    private const int SecretBytes = 32;

    private readonly Lock _lock = new();
    private readonly IRegionStore _store;
    private readonly IRegionLinks _links;
    private readonly CurrentTopology _known;
    private readonly LeaseClock _clock;
    private readonly TimeProvider _time;
    private readonly GeoOptions _options;
    private readonly FailoverOptions _failover;
    private readonly GeoEvents _events;
    private readonly ILogger _logger;
    private readonly Signal _wake = new();
    private readonly AcceptorAges _ages = new();
    private readonly StoreHealth _health;
    private readonly StoreReturn _return;
    private RegionControl? _control;
    private TaskCompletionSource _changed = NewSignal();
    private CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;
    private Task _comparing = Task.CompletedTask;
    private bool _isTrusted;
    private long _version;
    private long _generation;

    public ControlPlane(
        IRegionStore store,
        IRegionLinks links,
        CurrentTopology known,
        LeaseClock clock,
        TimeProvider time,
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
        _options = options.Value;
        _failover = failover.Value;
        _events = events;
        _logger = logger;
        _health = new(clock, _failover.LeaseDuration / 3);
        _return = new(store, links, _options.Self, known.Value.Map, time, logger);
    }

    /// <summary>Starts a run of the control plane, under a boot number that was never used.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var config = new ControlConfig
        {
            Self = _options.Self,
            Map = _known.Value.Map,
            Boot = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))),
            Secret = RandomNumberGenerator.GetBytes(SecretBytes),
            LeaseDuration = _failover.LeaseDuration,
            DriftMargin = _failover.DriftMargin,
            TakeoverStep = _failover.TakeoverStep,
            StartGrace = _failover.StartGrace,
        };
        lock (_lock)
        {
            _stopping = new();
            _control = new(config, _known.Decided, _clock.Now);
            _control.GiveUp("its store was not compared with the other regions yet", _clock.Now);
            _isTrusted = false;
            _version = _control.Topology.Version;
            _generation = 0;
        }

        _loop = Task.Run(RunAsync, CancellationToken.None);
        _comparing = Task.Run(CompareAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_loop, _comparing);
        lock (_lock)
        {
            _control = null;
        }
    }

    public void Dispose() => _stopping.Dispose();

    /// <summary>A vote is asked for: of the acceptor, or on a shard's epoch.</summary>
    /// <exception cref="OrleansException">The store may have forgotten what it voted before.</exception>
    public void RequireVote()
    {
        if (!Volatile.Read(ref _isTrusted))
        {
            throw new OrleansException($"{_options.Region} does not vote: its store is not known to hold all that it held.");
        }
    }

    /// <summary>The own acceptor takes a message, of this region's proposers or another's.</summary>
    public async Task<RegisterReply> TakeAsync(string register, RegisterMessage message)
    {
        if (message is not RegisterMessage.Read)
        {
            RequireVote();
        }

        RegisterTaken taken;
        try
        {
            taken = await _store.TakeAsync(register, message);
            _health.Worked();
        }
        catch (RegionStoreException exception)
        {
            _health.Failed(exception.Message);
            _wake.Set();
            throw;
        }

        TimeSpan age;
        lock (_lock)
        {
            age = _ages.Age(register, taken.State, _clock.Now);
            if (taken.Granted && message is RegisterMessage.Accept)
            {
                _control?.Observed(register, taken.State, _clock.Now);
            }
        }

        Pump();
        return new(taken.Granted, taken.State, age);
    }

    public void Heard(WorldTopology topology)
    {
        lock (_lock)
        {
            _control?.Heard(topology, _clock.Now);
        }

        Pump();
    }

    /// <summary>Asks for a change of the topology; completes when it is decided whether it was applied.</summary>
    public async Task<bool> ChangeAsync(Func<WorldTopology, WorldTopology?> change)
    {
        var decided = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            var control = _control ?? throw new OrleansException("The control plane is stopping.");
            control.Change(change, applied => decided.TrySetResult(applied), _clock.Now);
        }

        Pump();
        return await decided.Task.WaitAsync(_stopping.Token);
    }

    public async Task CatchUpAsync(long version, TimeSpan bound)
    {
        lock (_lock)
        {
            if (_control is null || _control.Topology.Version >= version)
            {
                return;
            }

            _control.Refresh(_clock.Now);
        }

        Pump();
        await WhenNewerAsync(version - 1, -1, bound, generationCounts: false);
        lock (_lock)
        {
            if (_control is null || _control.Topology.Version >= version)
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
        lock (_lock)
        {
            if (_control is null || _control.Topology.Version > version || (generationCounts && _control.Generation != generation))
            {
                return;
            }

            changed = _changed.Task;
        }

        try
        {
            await changed.WaitAsync(bound, _time, _stopping.Token);
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
            var control = _control ?? throw new OrleansException("The control plane is stopping.");
            var now = _clock.Now;
            return new(
                control.Topology.Version,
                control.Topology.Version > version ? TopologyCodec.Encode(control.Topology) : null,
                control.HoldsLease(now) ? control.Generation : 0,
                Math.Max(0, (control.ValidUntil - now).TotalMilliseconds),
                [.. control.Topology.Regions.All.Select(region => Health(control, region, now))],
                Volatile.Read(ref _isTrusted));
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

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var pause = Tick();
                if (pause > TimeSpan.Zero)
                {
                    await _wake.WaitAsync(pause, _stopping.Token);
                }
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Such as a topology of another world: nothing to act on, and whoever reads the log can mend it.
                LogTickFailed(_logger, exception, _options.Region, exception.Message);
                await Task.Delay(_failover.LeaseDuration / 8, _time);
            }
        }
    }

    private TimeSpan Tick()
    {
        TimeSpan pause;
        lock (_lock)
        {
            var now = _clock.Now;
            _control!.Tick(now);
            CheckStore(_control, now);
            pause = _control.Due - now;
        }

        Pump();
        return pause;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
