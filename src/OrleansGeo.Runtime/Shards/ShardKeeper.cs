using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Loops;
using OrleansGeo.Runtime.Topology;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Shards;

/// <summary>
/// The loops of a silo: maintains the shards that act here, and makes sure that every shard acts somewhere that is at home in this region and
/// has something to do without waiting for a request: a log to ship, a promotion to make, a hand-over.
/// </summary>
internal sealed class ShardKeeper : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan MaintenanceInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan WakeInterval = TimeSpan.FromSeconds(5);

    /// <summary>What hangs in the store, and does not hear that it is to end, must not hold up the end of the silo.</summary>
    private static readonly TimeSpan EndBound = TimeSpan.FromSeconds(2);

    private static readonly ShardRoundsConfig Maintenance = new() { What = "maintenance", Effect = "its log is neither checkpointed nor trimmed", AtOnce = 8 };
    private static readonly ShardRoundsConfig Opening = new() { What = "opening", Effect = "it serves only if a request opens it" };
    private static readonly LoopConfig Waking = new() { Name = "waking of shards", Effect = "shards that come to this region serve only when a request opens them" };
    private static readonly LoopConfig Maintaining = new() { Name = "maintenance of shards", Effect = "the logs of this silo's shards are neither checkpointed nor trimmed" };
    private static readonly LoopConfig Moving = new() { Name = "moves of homes", Effect = "no home of this silo moves to the region where it should be" };

    private readonly LocalShards _locals;
    private readonly IRegionStore _store;
    private readonly CurrentTopology _topology;
    private readonly RegionAuthority _authority;
    private readonly ControlFollower _control;
    private readonly HomeMover _mover;
    private readonly RegionId _self;
    private readonly TimeProvider _time;
    private readonly BackgroundLoop _waking;
    private readonly BackgroundLoop[] _loops;
    private readonly ShardRounds<Shard> _maintenance;
    private readonly ShardRounds<ShardId> _wakes;
    private readonly CancellationTokenSource _stopping = new();

    public ShardKeeper(
        LocalShards locals,
        IRegionStore store,
        CurrentTopology topology,
        RegionAuthority authority,
        ControlFollower control,
        HomeMover mover,
        IGrainFactory grains,
        IOptions<GeoOptions> options,
        BackgroundLoops loops,
        TimeProvider time,
        ILogger<ShardKeeper> logger)
    {
        (_locals, _store, _topology, _authority, _control, _mover, _self, _time) = (locals, store, topology, authority, control, mover, options.Value.Self, time);
        _maintenance = new(Maintenance, static shard => shard.Id, shard => shard.MaintainAsync(_stopping.Token), time, logger);
        _wakes = new(Opening, static shard => shard, shard => grains.GetGrain<IShardGrain>(shard.Name).Locate().AsTask().WaitAsync(_stopping.Token), time, logger);
        _waking = loops.CreatePeriodic(Waking, WakeInterval, WakeHomesAsync, logger);
        _loops =
        [
            _waking,
            loops.CreatePeriodic(Maintaining, MaintenanceInterval, MaintainAsync, logger),
            loops.CreatePeriodic(Moving, MaintenanceInterval, mover.MoveAsync, logger),
        ];
    }

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(ShardKeeper), ServiceLifecycleStage.Active, StartAsync, StopAsync);
    }

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _control.Start();
        _authority.Changed += _waking.Wake;
        foreach (var loop in _loops)
        {
            loop.Start();
        }

        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        _authority.Changed -= _waking.Wake;
        var drained = Task.WhenAll(_maintenance.DrainAsync(), _wakes.DrainAsync());
        await _stopping.CancelAsync();
        await Task.WhenAll(_loops.Select(loop => loop.StopAsync(cancellationToken)));
        await drained.WaitAsync(EndBound, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _control.StopAsync();
    }

    /// <summary>Waits for no shard: one whose store hangs must not keep the others from being looked after.</summary>
    private Task MaintainAsync(CancellationToken stop)
    {
        _maintenance.Ask(_locals.All);
        return Task.CompletedTask;
    }

    /// <summary>Wakes what the topology has for this region, at every change and now and then. Waits for no shard: one that does not open must not keep others asleep.</summary>
    private async Task WakeHomesAsync(CancellationToken stop)
    {
        if (_authority.Generation == 0 && !_authority.OwnsRows)
        {
            return;
        }

        var current = _topology.Decided;
        var stored = (await _store.ListShardsAsync(stop)).Select(current.Map.IndexOf).ToHashSet();
        _wakes.Ask([.. Enumerable.Range(0, current.Map.Total).Where(index => IsHere(current, index, stored) && !_locals.TryGet(index, out _)).Select(index => current.Map[index])]);
    }

    /// <summary>A shard of a world's first epoch that nobody wrote yet may sleep until it is wanted, or wanted elsewhere.</summary>
    private bool IsHere(WorldTopology current, int index, HashSet<int> stored)
    {
        if (current.Map.IsRow(index))
        {
            return _authority.OwnsRows && current.Map.OwnerOf(index) == _self && stored.Contains(index);
        }

        return _authority.Generation > 0 && (current[index].Reserved == _self
            || (current[index].Home is var home && home.Region == _self
                && (home.Epoch > 1 || stored.Contains(index) || current[index].Reserved is not null || _mover.TargetOf(current, index) is not null)));
    }
}
