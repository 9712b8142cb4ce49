using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Freshness;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.World;

/// <summary>Gathers what the parts know.</summary>
internal sealed class GeoWorld(
    IOptions<GeoOptions> options, CurrentTopology topology, RegionAuthority authority, GeoGrainPolicies policies, PinDirectory pins, IRegionLinks links, IServiceProvider services) : IGeoWorld
{
    private readonly LocalShards? _locals = services.GetService<LocalShards>();
    private readonly StalenessGauge? _staleness = services.GetService<StalenessGauge>();

    public RegionId Region { get; } = options.Value.Self;

    public WorldTopology Topology => topology.Value;

    public long TopologyVersion => Topology.Version;

    public ImmutableArray<RegionId> Regions => Topology.Regions.All;

    public WorldSnapshot TakeSnapshot()
    {
        // One look: the topology may change between two.
        var known = Topology;
        return new(
            known.Version,
            [.. known.Regions.All.Select(region => GetRegion(region, known))],
            [.. Enumerable.Range(0, known.Map.Count).Select(shard => new ShardStatus(known.Map[shard], known.HomeOf(shard), known[shard].Reserved, known.Map.PreferredHome(shard)))]);
    }

    public EntityLocation? Locate(GrainId entity)
    {
        if (!policies.TryGet(entity.Type, out var policy))
        {
            return null;
        }

        var shardOfKey = policy.Locate(Topology, entity.Key.AsSpan());
        var shard = pins.TryFind(entity, out var moved) ? moved.Index : shardOfKey;
        return new(Topology.Map[shard], Topology.HomeOf(shard), shard != shardOfKey);
    }

    public ImmutableArray<FamilyStatus> GetFamilies() =>
    [
        new(ShardFamily.Quorum, NoMajority()),
        new(ShardFamily.Region, NoHome()),
        new(ShardFamily.Row, _locals is null || (authority.OwnsRows && authority.MayShow) ? null : NotCompared()),
    ];

    public ImmutableArray<RegionStatus> GetRegions() => [.. Topology.Regions.All.Select(region => GetRegion(region, Topology))];

    private RegionStatus GetRegion(RegionId region, WorldTopology known)
    {
        var homed = Enumerable.Range(0, known.Map.Count).Count(shard => known.HomeOf(shard).Region == region);
        var state = known.StateOf(region);
        var isLive = authority.HealthOf(region).IsLive;
        return links.TryGet(region, out var link)
            ? new(region, link.DownReason is null, link.DownReason, link.RoundTrip, homed, LagOf(links.All.IndexOf(link)), isLive, state.Generation, state.Mode, _staleness?.Of(region), RefusalOf(links.All.IndexOf(link)))
            : new(region, NotUp() is null, NotUp(), TimeSpan.Zero, homed, 0, isLive, state.Generation, state.Mode, _staleness?.Of(region), Unreadable());
    }

    /// <summary>A region that is cut off shows what it has, if there is evidence that it is all it had.</summary>
    private string? NotUp() => _locals is null || authority.IsTrusted || (authority.MayShow && authority.IsIsolated) ? null : NotCompared();

    private string NotCompared() => $"the store of {Region} was not compared with the other regions yet, and may lack what they hold";

    private string? NoMajority()
    {
        var away = links.All.Where(static link => link.DownReason is not null).ToList();
        return Topology.Version == 0 ? "no majority of regions has decided a topology yet"
            : Topology.Regions.Count - away.Count >= Topology.Regions.Quorums.Majority ? null
            : $"{Region} reaches no majority of regions: {string.Join("; ", away.Select(static link => link.DownReason))}";
    }

    private string? NoHome()
    {
        for (var index = 0; index < Topology.Map.Count; index++)
        {
            if (Topology.Map.FamilyOf(index) == ShardFamily.Region && Topology.HomeOf(index).Region is var home && home != Region
                && links.TryGet(home, out var link) && link.DownReason is { } reason)
            {
                return $"{Topology.Map[index]} and perhaps others are at home in {home}: {reason}";
            }
        }

        return _locals is null || authority.Generation > 0 || !Enumerable.Range(0, Topology.Map.Count).Any(index => Topology.HomeOf(index).Region == Region)
            ? null
            : $"{Region} is home of shards and holds no lease";
    }

    private string? RefusalOf(int replica) => Problem(_locals?.All.OfType<HomeShard>().Select(shard => (shard.Id, shard.RefusalOf(replica))));

    private string? Unreadable() => Problem(_locals?.All.OfType<ReplicaShard>().Select(static shard => (shard.Id, shard.Unreadable)));

    private static string? Problem(IEnumerable<(ShardId Shard, string? Problem)>? shards)
    {
        var unreadable = shards?.Where(static shard => shard.Problem is not null).ToList();
        return unreadable is not [var first, ..] ? null : $"It cannot read the log of {unreadable.Count} shard{(unreadable.Count == 1 ? "" : "s")}, and is behind there until it can. {first.Shard}: {first.Problem}";
    }

    private long? LagOf(int replica)
    {
        long? lag = null;
        foreach (var shard in _locals?.All.OfType<HomeShard>() ?? [])
        {
            if (shard.LagOf(replica) is not { } entries)
            {
                return null;
            }

            lag = (lag ?? 0) + entries;
        }

        return lag ?? (_locals is null ? null : 0);
    }
}
