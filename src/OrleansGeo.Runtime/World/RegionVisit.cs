using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansGeo.Operations;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Loops;

namespace OrleansGeo.Runtime.World;

/// <summary>
/// Says to the world that the region is back when this silo has started, and, when the region's last silo stops, moves its homes away before anything of its host is
/// stopped: until then it serves. Where the region has other silos, Orleans moves the shards there when this one stops.
/// </summary>
internal sealed partial class RegionVisit(
    IRegionPresence presence, ISiloStatusOracle silos, BackgroundLoops loops, IOptions<ShutdownOptions> options, TimeProvider time, ILogger<RegionVisit> logger)
    : IHostedLifecycleService, IDisposable
{
    private static readonly LoopConfig Returning = new()
    {
        Name = "return of the region",
        Effect = "the world takes the region for stopped, and gives it no homes back (an operator can say so too: IGeoAdmin.RestoreAsync, POST /v1/geo/regions/REGION/restore)",
    };

    private BackgroundLoop? _returning;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        // Not waited for: it takes a majority, and a world is started one region after the other.
        _returning = loops.Create(Returning, ReturnAsync, logger, CancellationToken.None);
        _returning.Start();
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_returning is { } returning)
        {
            await returning.StopAsync(CancellationToken.None);
        }

        // A token that is cancelled already is how a host is told to stop at once.
        if (options.Value.DrainPeriod > TimeSpan.Zero && !cancellationToken.IsCancellationRequested && silos.IsAlone())
        {
            await LeaveAsync(options.Value.DrainPeriod, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _returning?.Dispose();

    private async ValueTask<LoopNext> ReturnAsync(CancellationToken stop)
    {
        await presence.ReturnAsync(stop);
        return LoopNext.End;
    }

    private async Task LeaveAsync(TimeSpan period, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        using var patience = new CancellationTokenSource(period, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await presence.LeaveAsync(ends.Token);
            LogLeft(time.GetElapsedTime(since).TotalSeconds);
        }
        catch (GeoException exception) when (exception.Code == GeoErrorCode.LastRegion)
        {
            LogStays(exception.Message);
        }
        catch (Exception exception)
        {
            // Whatever it is, the platform does not wait: the others promote what is left here.
            LogNotLeft(time.GetElapsedTime(since).TotalSeconds, ends.IsCancellationRequested ? "time is up" : exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "This is the region's last silo: other regions took its homes over in {Seconds:0.0} s")]
    private partial void LogLeft(double seconds);

    [LoggerMessage(LogLevel.Warning, "This is the region's last silo, and its homes stay here while it is down: {Reason}")]
    private partial void LogStays(string reason);

    [LoggerMessage(LogLevel.Warning, "This is the region's last silo, and not all of its homes were taken over in {Seconds:0.0} s ({Reason}): other regions promote the rest when its lease has run out")]
    private partial void LogNotLeft(double seconds, string reason);
}
