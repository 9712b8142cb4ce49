using Orleans.Runtime;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

[GrainType("test.cache")]
[GeoGrain(Durability.Quorum)]
public sealed class Cache([PersistentState("cache", "geo")] IPersistentState<LedgerState> cache) : Grain, ICache
{
    private string[]? _lines;

    private string[] Lines => _lines ??= [.. cache.State.Lines];

    public async Task<int> Append(string text)
    {
        _lines = [.. Lines, text];
        cache.State.Lines.Add(text);
        await cache.WriteStateAsync();
        return Lines.Length;
    }

    public async Task<int> StopThenAppend(string barrier, string text)
    {
        _lines = [.. Lines, text];
        await Barriers.Of(barrier).PassAsync();
        cache.State.Lines.Add(text);
        await cache.WriteStateAsync();
        return Lines.Length;
    }

    public Task<int> Count() => Task.FromResult(Lines.Length);

    public async Task<int[]> CountTwice(string barrier)
    {
        var before = Lines.Length;
        await Barriers.Of(barrier).PassAsync();
        return [before, Lines.Length];
    }
}
