using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Runtime.World;

namespace OrleansGeo.Runtime.Failover;

/// <summary>Keeps this process's topology, and a silo's authority, as new as its region's control plane knows them. One loop a process.</summary>
internal sealed partial class ControlFollower(
    IGrainFactory grains,
    CurrentTopology topology,
    RegionAuthority authority,
    LeaseClock clock,
    TimeProvider time,
    IOptions<FailoverOptions> options,
    ILogger<ControlFollower> logger) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;
    private int _catchingUp;

    private IControlGrain Control => grains.GetGrain<IControlGrain>(0);

    public void Start() => _loop = Task.Run(RunAsync, CancellationToken.None);

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
    }

    public void Dispose() => _stopping.Dispose();

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

    private async Task RunAsync()
    {
        var wait = (int)(options.Value.LeaseDuration / 8).TotalMilliseconds;
        var generation = 0L;
        string? unreadable = null;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var asked = clock.Now;
                var reply = await Control.Follow(topology.Decided.Version, generation, wait).AsTask().WaitAsync(_stopping.Token);

                // First what the lease is for: a generation counts only under the topology that names it.
                if (reply.Topology is { } decided)
                {
                    topology.Decide(TopologyCodec.Decode(topology.Value.Map, decided));
                }

                generation = reply.Generation;
                authority.Learn(asked, reply);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                if (exception is FormatException && exception.Message != unreadable)
                {
                    unreadable = exception.Message;
                    LogUnreadable(logger, unreadable);
                }

                LogFailed(logger, exception.Message);
                await Task.Delay(Pause, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "This process cannot read the topology that its region's control plane knows: {Problem} It goes by the one that it knew, and a silo is home of nothing. Upgrade it to the version of the region's other silos, or give it their settings")]
    private static partial void LogUnreadable(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The control plane of this region did not answer and is asked again: {Problem}")]
    private static partial void LogFailed(ILogger logger, string problem);
}
