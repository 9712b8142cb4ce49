using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Runtime.Storage;
using OrleansGeo.Runtime.World;

namespace OrleansGeo.Runtime.Shards;

/// <summary>
/// The loops of a silo: maintains the shards that act here, and makes sure that every shard acts somewhere that is at home in this region and
/// has something to do without waiting for a request: a log to ship, a promotion to make, a hand-over.
/// </summary>
internal sealed partial class ShardKeeper(
    LocalShards locals,
    IRegionStore store,
    CurrentTopology topology,
    RegionAuthority authority,
    ControlFollower control,
    HomeMover mover,
    RegionWatch watch,
    IGrainFactory grains,
    IOptions<GeoOptions> options,
    TimeProvider time,
    ILogger<ShardKeeper> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan MaintenanceInterval = TimeSpan.FromMilliseconds(250);
    private const int WakeEvery = 20;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Signal _news = new();
    private Task _loop = Task.CompletedTask;
    private Task _waking = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(ShardKeeper), ServiceLifecycleStage.Active, Start, StopAsync);
    }

    private Task Start(CancellationToken cancellationToken)
    {
        control.Start();
        authority.Changed += _news.Set;
        _loop = Task.Run(RunAsync, CancellationToken.None);
        _waking = Task.Run(WakeAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        authority.Changed -= _news.Set;
        await _stopping.CancelAsync();
        await Task.WhenAll(_loop, _waking);
        await control.StopAsync();
    }

    /// <summary>Wakes what the topology has for this region, at every change and now and then.</summary>
    private async Task WakeAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await WakeHomesAsync();
                await _news.WaitAsync(MaintenanceInterval * WakeEvery, _stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogFailed(logger, options.Value.Region, exception.Message);
                await Task.Delay(MaintenanceInterval, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(MaintenanceInterval, time, _stopping.Token);
                foreach (var shard in locals.All)
                {
                    await GuardAsync(shard.Id.Name, () => shard.MaintainAsync(_stopping.Token));
                }

                await GuardAsync("homes", () => mover.MoveAsync(_stopping.Token));
                watch.Look();
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogFailed(logger, options.Value.Region, exception.Message);
            }
        }
    }

    private async Task WakeHomesAsync()
    {
        if (authority.Generation == 0 && !authority.IsTrusted)
        {
            return;
        }

        var current = topology.Decided;
        var stored = (await store.ListShardsAsync(_stopping.Token)).Select(current.Map.IndexOf).ToHashSet();
        var asleep = Enumerable.Range(0, current.Map.Total).Where(index => IsHere(current, index, stored) && !locals.TryGet(index, out _));
        await Task.WhenAll(asleep.Select(index => GuardAsync(current.Map[index].Name, () => grains.GetGrain<IShardGrain>(current.Map[index].Name).Locate().AsTask().WaitAsync(_stopping.Token))));
    }

    /// <summary>A shard of a world's first epoch that nobody wrote yet may sleep until it is wanted, or wanted elsewhere.</summary>
    private bool IsHere(Protocol.Topology.WorldTopology current, int index, HashSet<int> stored)
    {
        var self = options.Value.Self;
        if (current.Map.IsRow(index))
        {
            return authority.IsTrusted && current.Map.OwnerOf(index) == self && stored.Contains(index);
        }

        return authority.Generation > 0 && (current[index].Reserved == self
            || (current[index].Home is var home && home.Region == self
                && (home.Epoch > 1 || stored.Contains(index) || current[index].Reserved is not null || mover.TargetOf(current, index, self) is not null)));
    }

    /// <summary>One shard that fails must not keep the others from being looked after.</summary>
    private async Task GuardAsync(string shard, Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            LogFailed(logger, shard, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Maintenance of {What} failed and is tried again: {Problem}")]
    private static partial void LogFailed(ILogger logger, string what, string problem);
}
