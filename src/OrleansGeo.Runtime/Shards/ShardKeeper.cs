using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Runtime.Storage;
using OrleansGeo.Runtime.World;

namespace OrleansGeo.Runtime.Shards;

/// <summary>
/// One loop a silo: maintains the shards that act here, and makes sure that every shard that is at home in this region and has a log
/// acts somewhere, so that what it has not shipped yet is shipped without waiting for a request.
/// </summary>
internal sealed partial class ShardKeeper(
    LocalShards locals, IRegionStore store, CurrentTopology topology, IGrainFactory grains, IOptions<GeoOptions> options, TimeProvider time, ILogger<ShardKeeper> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan MaintenanceInterval = TimeSpan.FromMilliseconds(250);
    private const int WakeEvery = 20;

    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(ShardKeeper), ServiceLifecycleStage.Active, Start, StopAsync);
    }

    private Task Start(CancellationToken cancellationToken)
    {
        _loop = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _loop;
    }

    private async Task RunAsync()
    {
        for (var round = 0; !_stopping.IsCancellationRequested; round++)
        {
            try
            {
                if (round % WakeEvery == 0)
                {
                    await WakeHomesAsync();
                }

                await Task.Delay(MaintenanceInterval, time, _stopping.Token);
                foreach (var shard in locals.All)
                {
                    await GuardAsync(shard.Id.Name, () => shard.MaintainAsync(_stopping.Token));
                }
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
        var current = topology.Value;
        foreach (var shard in await store.ListShardsAsync(_stopping.Token))
        {
            var index = current.Map.IndexOf(shard);
            if (index >= 0 && current.HomeOf(index).Region == options.Value.Self && !locals.TryGet(index, out _))
            {
                await GuardAsync(shard.Name, () => grains.GetGrain<IShardGrain>(shard.Name).Locate().AsTask());
            }
        }
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
