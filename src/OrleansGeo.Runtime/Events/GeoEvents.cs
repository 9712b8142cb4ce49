using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using OrleansGeo.Operations;

namespace OrleansGeo.Runtime.Events;

/// <summary>Tells whoever watches what happens. Keeps nothing for those that do not.</summary>
internal sealed class GeoEvents : IDisposable
{
    private const int Backlog = 1024;

    private readonly Lock _lock = new();
    private readonly List<Channel<GeoEvent>> _watchers = [];
    private readonly TimeProvider _time;
    private readonly Meter _meter = new("OrleansGeo.World");
    private readonly Counter<long> _count;
    private long _last;

    public GeoEvents(TimeProvider time)
    {
        _time = time;
        _count = _meter.CreateCounter<long>("orleansgeo.world.events", "{event}", "What happened to the world, as this process saw it, by its type.");
    }

    public void Dispose() => _meter.Dispose();

    public void Publish(GeoEventType type, string region, string? shard, long? epoch, string text)
    {
        _count.Add(1, new KeyValuePair<string, object?>("orleansgeo.type", type.ToString()));
        lock (_lock)
        {
            var happened = new GeoEvent(++_last, _time.GetUtcNow(), type, region, shard, epoch, text);
            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryWrite(happened);
            }
        }
    }

    public async IAsyncEnumerable<GeoEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<GeoEvent>(new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        lock (_lock)
        {
            _watchers.Add(channel);
        }

        try
        {
            await foreach (var happened in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return happened;
            }
        }
        finally
        {
            lock (_lock)
            {
                _watchers.Remove(channel);
            }
        }
    }
}
