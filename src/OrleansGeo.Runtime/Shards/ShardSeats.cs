using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Events;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Shards.Moves;
using OrleansGeo.Runtime.Topology;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Shards;

/// <summary>What the shards of one silo share.</summary>
internal sealed class ShardSeats(
    CurrentTopology topology,
    RegionAuthority authority,
    ControlFollower control,
    Fencer fencer,
    LocalShards locals,
    IRegionStore store,
    IRegionLinks links,
    GeoEvents events,
    IEntityMoves moves,
    MoveSteps steps,
    IOptions<GeoOptions> options,
    IOptions<GeoLimits> limits,
    IOptions<FailoverOptions> failover,
    LeaseClock clock,
    TimeProvider time,
    ILoggerFactory loggers)
{
    public CurrentTopology Topology { get; } = topology;

    public RegionAuthority Authority { get; } = authority;

    public ControlFollower Control { get; } = control;

    public Fencer Fencer { get; } = fencer;

    public LocalShards Locals { get; } = locals;

    public IRegionStore Store { get; } = store;

    public IRegionLinks Links { get; } = links;

    public IEntityMoves Moves { get; } = moves;

    public MoveSteps Steps { get; } = steps;

    public GeoEvents Events { get; } = events;

    public RegionId Self { get; } = options.Value.Self;

    public GeoLimits Limits { get; } = limits.Value;

    public FailoverOptions Failover { get; } = failover.Value;

    public LeaseClock Clock { get; } = clock;

    public TimeProvider Time { get; } = time;

    public ILogger Logger { get; } = loggers.CreateLogger<ShardSeat>();
}
