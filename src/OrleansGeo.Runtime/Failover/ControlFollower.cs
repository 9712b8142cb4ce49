using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Errors;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Loops;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.Failover;

/// <summary>Keeps this process's topology, and a silo's authority, as new as its region's control plane knows them. One loop a process.</summary>
internal sealed partial class ControlFollower(
    IGrainFactory grains,
    CurrentTopology topology,
    RegionAuthority authority,
    LeaseClock clock,
    BackgroundLoops loops,
    IOptions<FailoverOptions> options,
    TimeProvider time,
    ILogger<ControlFollower> logger,
    ILocalSiloDetails? silo = null,
    ISiloStatusOracle? silos = null,
    IRegionLinks? links = null) : IDisposable
{
    private static readonly LoopConfig Following = new()
    {
        Name = "control follower",
        Effect = "this process's topology gets older, and a silo steps back from its homes when the lease that it knows has run out",
        LongestPause = TimeSpan.FromMilliseconds(200),

        // The control plane moves to another silo whenever its own one stops.
        Tolerance = TimeSpan.FromSeconds(1),
    };

    private static readonly TimeSpan ReleaseBound = TimeSpan.FromSeconds(1);

    private BackgroundLoop? _loop;
    private long _heard;
    private long _run;
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

    /// <summary>
    /// Told of homes that this silo has no more, because another one begins them; null: of all rows, because another run of the control plane knows nothing of who has them. What is open of
    /// them is closed when this returns, and what is being opened closes when it is open.
    /// </summary>
    public event Action<string[]?>? Taken;

    /// <summary>Completes when this silo may begin a home: when no other silo of the region can say any more that what it shows of the shard is fresh.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="generation">The lease under which it is to be home; null: it owns a row, and acts without one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The number of the claim, for <see cref="ReleaseAsync"/>; null: nothing is to be released.</returns>
    public async Task<long?> ClaimAsync(ShardId shard, long? generation, CancellationToken cancellationToken)
    {
        try
        {
            return await Control.Claim(shard.Name, silo!.SiloAddress, generation).AsTask().WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !Failures.IsTransient(exception))
        {
            // The control plane is of an earlier version, which does not know who has a home: what a dead silo was granted ends with a lease. (One that lives is not told.)
            await Task.Delay(options.Value.LeaseDuration * (1 + options.Value.DriftMargin), time, cancellationToken);
            return null;
        }
    }

    /// <summary>A home is closed here. If that is not heard, the next silo waits until what was granted to this one has ended.</summary>
    public async Task ReleaseAsync(ShardId shard, long claim)
    {
        if (silos?.IsAlone() == true)
        {
            // There is no next silo; and when this one stops, Orleans would log for each shard that the control plane is nowhere.
            return;
        }

        try
        {
            await Control.Release(shard.Name, silo!.SiloAddress, claim).AsTask().WaitAsync(ReleaseBound, time);
        }
        catch (Exception exception)
        {
            LogNotReleased(logger, shard, exception.Message);
        }
    }

    /// <summary>Asks once. The answer comes when something is new, or after a while.</summary>
    private async Task FollowAsync(CancellationToken stop)
    {
        var wait = (int)(options.Value.LeaseDuration / 8).TotalMilliseconds;
        var asked = clock.Now;
        var question = Control.Follow(topology.Decided.Version, _generation, wait, silo?.SiloAddress, _heard).AsTask();
        while (!await IsAnsweredAsync(question, stop))
        {
            await LearnElsewhereAsync(stop);
        }

        FollowReply reply;
        try
        {
            reply = await question;
        }
        catch (Exception) when (!stop.IsCancellationRequested)
        {
            // It fails at once where nothing of the own region is left, as of a client that goes on elsewhere.
            await LearnElsewhereAsync(stop);
            throw;
        }

        // First what the lease is for: a generation counts only under the topology that names it.
        Learn(reply);
        if (reply.Taken is { } taken)
        {
            Taken?.Invoke(taken);
        }

        if (reply.Run != _run)
        {
            if (_run != 0)
            {
                Taken?.Invoke(null);
            }

            _run = reply.Run;
        }

        (_generation, _heard) = (reply.Generation, reply.TakenNumber);
        authority.Learn(asked, reply);
    }

    private async Task<bool> IsAnsweredAsync(Task question, CancellationToken stop)
    {
        question.Ignore();
        await question.WaitAsync(options.Value.LeaseDuration / 2, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.ThrowIfCancellationRequested();
        return question.IsCompleted;
    }

    /// <summary>
    /// The silo with the region's control plane hangs, and its cluster takes a minute to notice; or a client's region is gone. What was decided meanwhile, such as that the region's homes are elsewhere now, any other
    /// region says.
    /// </summary>
    private async Task LearnElsewhereAsync(CancellationToken stop)
    {
        authority.HearNothing();
        foreach (var link in links?.All ?? [])
        {
            try
            {
                if (link.TryGetChannel(out var channel))
                {
                    Learn(await channel.Grains.GetGrain<IControlGrain>(0).Follow(topology.Decided.Version, -1, 0).AsTask().WaitAsync(options.Value.LeaseDuration / 2, time, stop));
                }
            }
            catch (Exception exception) when (!stop.IsCancellationRequested)
            {
                LogNotLearned(logger, link.Peer, exception.Message);
            }
        }
    }

    private void Learn(FollowReply reply)
    {
        if (reply.Topology is { } decided)
        {
            topology.Decide(TopologyCodec.Decode(topology.Value.Map, decided));
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The own control plane does not answer, and {Peer} does not say which topology was decided: {Problem}")]
    private static partial void LogNotLearned(ILogger logger, RegionId peer, string problem);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The control plane was not told that the home of shard {Shard} is closed here; another silo that begins it waits until what this one was granted has ended: {Problem}")]
    private static partial void LogNotReleased(ILogger logger, ShardId shard, string problem);
}
