using OrleansGeo.Runtime.Hosting;

namespace OrleansGeo.Benchmarks.Hosts;

/// <summary>Clusters for writing: a world of one region, where a majority is that region alone, so that both sides of a comparison wait for one disk.</summary>
internal static class OneRegion
{
    private const string Name = "only";

    public static Task<BenchSilo> StartAsync(Action<GeoBuilder> configureStore)
    {
        var ports = FreePorts.Take(2);
        return BenchSilo.StartAsync(Name, ports[0], ports[1], silo => silo.AddOrleansGeo(Name, geo =>
        {
            // A run writes more requests to one shard than the default limit allows in ten minutes.
            geo.Limits(static limits => (limits.DeduplicationEntries, limits.DeduplicationBytes) = (int.MaxValue, long.MaxValue));
            configureStore(geo);
        }));
    }

    public static Task<BenchSilo> StartPlainAsync(Action<ISiloBuilder> configure)
    {
        var ports = FreePorts.Take(2);
        return BenchSilo.StartAsync("plain", ports[0], ports[1], configure);
    }
}
