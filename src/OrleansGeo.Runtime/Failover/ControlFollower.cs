using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Loops;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.Failover;

/// <summary>Keeps this process's topology, and a silo's authority, as new as its region's control plane knows them. One loop a process.</summary>
internal sealed class ControlFollower(
    IGrainFactory grains,
    CurrentTopology topology,
    RegionAuthority authority,
    LeaseClock clock,
    BackgroundLoops loops,
    IOptions<FailoverOptions> options,
    ILogger<ControlFollower> logger,
    ILocalSiloDetails? silo = null) : IDisposable
{
    private static readonly LoopConfig Following = new()
    {
        Name = "control follower",
        Effect = "this process's topology gets older, and a silo steps back from its homes when the lease that it knows has run out",
        LongestPause = TimeSpan.FromMilliseconds(200),

        // The control plane moves to another silo whenever its own one stops.
        Tolerance = TimeSpan.FromSeconds(1),
    };

    private BackgroundLoop? _loop;
    private long _generation;
    private int _catchingUp;

    private IControlGrain Control => grains.GetGrain<IControlGrain>(0);

    public void Start()
    {
        _loop = loops.CreateContinuous(Following, FollowAsync, logger);
        _loop.Start();
    }

    public Task StopAsync() => _loop?.StopAsync() ?? Task.CompletedTask;

    public void Dispose() => _loop?.Dispose();

    /// <summary>Asks the register for a change of the topology. Cancelled, it may still be made: whoever stops must not wait for a majority that stops too.</summary>
    public Task<bool> ChangeAsync(TopologyChangeWire change, CancellationToken cancellationToken) => Control.Change(change).AsTask().WaitAsync(cancellationToken);

    /// <summary>Somebody knows a topology of this version: ask for it, without waiting.</summary>
    public void CatchUp(long version)
    {
        if (version > topology.Decided.Version && Interlocked.Exchange(ref _catchingUp, 1) == 0)
        {
            Control.CatchUp(version).AsTask().ContinueWith(
                task =>
                {
                    _ = task.Exception;
                    Volatile.Write(ref _catchingUp, 0);
                },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }

    /// <summary>Completes when what was granted to silos that are dead holds no more: then a shard that one of them had may begin on this silo.</summary>
    public async Task WhenGrantsEndedAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var remaining = TimeSpan.FromMilliseconds(await Control.GrantsEnd().AsTask().WaitAsync(cancellationToken));
        if (remaining > TimeSpan.Zero)
        {
            await Task.Delay(remaining * (1 + options.Value.DriftMargin), time, cancellationToken);
        }
    }

    /// <summary>Asks once. The answer comes when something is new, or after a while.</summary>
    private async Task FollowAsync(CancellationToken stop)
    {
        var wait = (int)(options.Value.LeaseDuration / 8).TotalMilliseconds;
        var asked = clock.Now;
        var reply = await Control.Follow(topology.Decided.Version, _generation, wait, silo?.SiloAddress).AsTask().WaitAsync(stop);

        // First what the lease is for: a generation counts only under the topology that names it.
        if (reply.Topology is { } decided)
        {
            topology.Decide(TopologyCodec.Decode(topology.Value.Map, decided));
        }

        _generation = reply.Generation;
        authority.Learn(asked, reply);
    }
}
