using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.Freshness;

/// <summary>How old what is read on this silo may be, by the region that is home of it: for operators and metrics.</summary>
internal sealed class StalenessGauge : IDisposable
{
    private readonly LocalShards _locals;
    private readonly CurrentTopology _topology;
    private readonly RegionAuthority _authority;
    private readonly LeaseClock _clock;
    private readonly RegionId _self;
    private readonly long[] _answeredTicks;
    private readonly Meter _meter = new("OrleansGeo.Replication");

    public StalenessGauge(LocalShards locals, CurrentTopology topology, RegionAuthority authority, LeaseClock clock, IOptions<GeoOptions> options)
    {
        (_locals, _topology, _authority, _clock, _self) = (locals, topology, authority, clock, options.Value.Self);
        _answeredTicks = [.. topology.Value.Regions.All.Select(static _ => -1L)];
        _meter.CreateObservableGauge(
            "orleansgeo.replication.staleness", Measure, "s", "Upper bound on the age of what is read in this region, by the region that is home of it. Missing while it is not known.");
    }

    /// <summary>A region said where its logs stand.</summary>
    public void Answered(RegionId region, TimeSpan asked) => Volatile.Write(ref _answeredTicks[_topology.Value.Regions.IndexOf(region)], asked.Ticks);

    /// <summary>Of the replicas that act here the oldest; where none acts, since when the region has not been heard. Null: not known.</summary>
    public TimeSpan? Of(RegionId home)
    {
        if (home == _self)
        {
            return _authority.Generation > 0 ? TimeSpan.Zero : _clock.Now - _authority.ActedUntil;
        }

        var answered = Volatile.Read(ref _answeredTicks[_topology.Value.Regions.IndexOf(home)]);
        var oldest = answered < 0 ? null : (TimeSpan?)(_clock.Now - new TimeSpan(answered));
        foreach (var replica in _locals.All.OfType<ReplicaShard>())
        {
            if (oldest is not null && _topology.Value.HomeOf(_topology.Value.Map.IndexOf(replica.Id)).Region == home)
            {
                var staleness = replica.StalenessMs;
                oldest = staleness < 0 ? null : TimeSpan.FromMilliseconds(Math.Max(staleness, oldest.Value.TotalMilliseconds));
            }
        }

        return oldest;
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<double>> Measure()
    {
        foreach (var region in _topology.Value.Regions.All)
        {
            if (Of(region) is { } staleness)
            {
                yield return new(staleness.TotalSeconds, new KeyValuePair<string, object?>("orleansgeo.home", region.Name));
            }
        }
    }
}
