using System.Collections.Concurrent;
using OrleansGeo.Operations;

namespace OrleansGeo.Tests.Hosting;

/// <summary>What regions saw happen since this was made.</summary>
internal sealed class EventWatch : IAsyncDisposable
{
    private readonly ConcurrentQueue<GeoEvent> _seen = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loops;

    public EventWatch(params IGeoAdmin[] regions) => _loops = Task.WhenAll(regions.Select(WatchAsync));

    public List<string?> Shards(GeoEventType type) => [.. _seen.Where(happened => happened.Type == type).Select(static happened => happened.Shard)];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loops;
        _stop.Dispose();
    }

    private async Task WatchAsync(IGeoAdmin region)
    {
        try
        {
            await foreach (var happened in region.WatchAsync(_stop.Token))
            {
                _seen.Enqueue(happened);
            }
        }
        catch (OperationCanceledException)
        {
            // It was disposed.
        }
    }
}
