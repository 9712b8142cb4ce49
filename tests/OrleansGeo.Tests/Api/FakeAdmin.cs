using System.Collections.Concurrent;
using System.Threading.Channels;
using Orleans.Runtime;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Ledgers;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Storage;

namespace OrleansGeo.Tests.Api;

/// <summary>Notes what operators ask for, refuses on demand, and has a ledger of two.</summary>
internal sealed class FakeAdmin : IGeoAdmin
{
    private readonly ConcurrentQueue<string> _calls = new();
    private readonly ConcurrentDictionary<string, GeoErrorCode> _refusals = new();
    private readonly ConcurrentDictionary<Channel<GeoEvent>, bool> _watchers = new();
    private readonly ConcurrentDictionary<GrainId, RegionId> _pins = new();
    private readonly FakeWorld _world = new();
    private readonly SemaphoreSlim _watched = new(0);

    public IEnumerable<string> Calls => _calls;

    public int Watchers => _watchers.Count;

    /// <summary>Whatever is asked of this region or lost write is refused from now on.</summary>
    public void Refuse(string name, GeoErrorCode code) => _refusals[name] = code;

    public Task DrainAsync(RegionId region, CancellationToken cancellationToken = default) => Note("drain", region.Name);

    public Task RestoreAsync(RegionId region, CancellationToken cancellationToken = default) => Note("restore", region.Name);

    public Task FailoverAsync(RegionId region, CancellationToken cancellationToken = default) => Note("failover", region.Name);

    public async Task<EntityLocation> PinAsync(GrainId entity, RegionId region, CancellationToken cancellationToken = default)
    {
        await Note("pin", region.Name);
        _pins[entity] = region;
        return await LocateAsync(entity, cancellationToken);
    }

    public async Task<EntityLocation> UnpinAsync(GrainId entity, CancellationToken cancellationToken = default)
    {
        await Note("unpin", entity.ToString());
        _pins.TryRemove(entity, out _);
        return await LocateAsync(entity, cancellationToken);
    }

    public Task<EntityLocation> LocateAsync(GrainId entity, CancellationToken cancellationToken = default) => Task.FromResult(
        _pins.TryGetValue(entity, out var region) ? new(new($"q-{region}-1"), new(region, 3), true) : _world.Locate(entity)!.Value);

    public Task<EntityPins> GetPinsAsync(GrainId? after = null, int count = 100, CancellationToken cancellationToken = default)
    {
        var pins = _pins.OrderBy(static pin => pin.Key.ToString(), StringComparer.Ordinal)
            .Where(pin => after is null || string.CompareOrdinal(pin.Key.ToString(), after.ToString()) > 0)
            .Select(static pin => new EntityPin(pin.Key, pin.Value, new($"q-{pin.Value}-1"), new(pin.Value, 3), 1, false)).ToList();
        return Task.FromResult(new EntityPins([.. pins.Take(count)], pins.Count > count ? pins[count - 1].Entity : null));
    }

    public Task<LostWrites> GetLostWritesAsync(CancellationToken cancellationToken = default) => Task.FromResult(new LostWrites(
        [Lost("westeurope-1-7", LostWriteState.Lost), Lost("westeurope-1-8", LostWriteState.Superseded) with { Request = "" }],
        [new(new("r-01"), new("southeastasia"), 3, 42)],
        [new("southeastasia")]));

    public async Task<LostWrite> ReplayAsync(string id, bool overwrite, CancellationToken cancellationToken = default)
    {
        await Note(overwrite ? "replay-over" : "replay", id);
        return Lost(id, LostWriteState.Replayed);
    }

    public async Task<LostWrite> DiscardAsync(string id, CancellationToken cancellationToken = default)
    {
        await Note("discard", id);
        return Lost(id, LostWriteState.Discarded);
    }

    public async IAsyncEnumerable<GeoEvent> WatchAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateUnbounded<GeoEvent>();
        _watchers[channel] = true;
        _watched.Release();
        try
        {
            await foreach (var happened in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return happened;
            }
        }
        finally
        {
            _watchers.TryRemove(channel, out _);
        }
    }

    public void Happen(GeoEvent happened)
    {
        foreach (var watcher in _watchers.Keys)
        {
            watcher.Writer.TryWrite(happened);
        }
    }

    private static LostWrite Lost(string id, LostWriteState state) =>
        new(id, new("westeurope"), new("r-07"), "drill-region/x", "00112233445566778899aabbccddeeff", 3, 7, ["drill"], state);

    private Task Note(string verb, string name)
    {
        _calls.Enqueue($"{verb} {name}");
        return _refusals.TryGetValue(name, out var code)
            ? Task.FromException(new GeoError(code, "What happened, where, and what to do.").ToException())
            : Task.CompletedTask;
    }
}
