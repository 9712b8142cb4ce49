using System.Diagnostics.Metrics;
using OrleansGeo.Operations;
using OrleansGeo.Runtime.Failover;

namespace OrleansGeo.Runtime.World;

/// <summary>What a silo sees of the world, as gauges: while it is active.</summary>
internal sealed class WorldMetrics(IGeoWorld world, RegionAuthority authority) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly Meter _meter = new("OrleansGeo.World");

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(WorldMetrics), ServiceLifecycleStage.Active, StartAsync);

    public void Dispose() => _meter.Dispose();

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _meter.CreateObservableGauge("orleansgeo.world.lease", () => authority.Generation > 0 ? 1 : 0, null, "1 while this region holds its lease, as this silo knows: it may act as home. Else 0.");
        _meter.CreateObservableGauge("orleansgeo.world.up", () => Of<long>(static region => region.IsUp ? 1 : 0), null, "1 while this silo is connected to the region. Else 0.");
        _meter.CreateObservableGauge("orleansgeo.world.homes", () => Of<long>(static region => region.ShardsHomed), "{shard}", "Shards that are at home in the region.");
        _meter.CreateObservableGauge("orleansgeo.world.lag", () => Of<long>(static region => region.LagEntries), "{entry}", "What the region has not stored yet of the shards that are at home on this silo. Missing while it is not known.");
        _meter.CreateObservableGauge("orleansgeo.world.round_trip", () => Of<double>(static region => region.RoundTrip?.TotalSeconds), "s", "The last measured round trip to the region. Missing while it is not known.");
        return Task.CompletedTask;
    }

    private IEnumerable<Measurement<T>> Of<T>(Func<RegionStatus, T?> value)
        where T : struct
    {
        foreach (var region in world.GetRegions())
        {
            if (value(region) is { } measured)
            {
                yield return new(measured, new KeyValuePair<string, object?>("orleansgeo.region", region.Region.Name));
            }
        }
    }
}
