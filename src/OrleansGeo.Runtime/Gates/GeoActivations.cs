using System.Collections.Frozen;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Errors;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Filters;
using OrleansGeo.Runtime.Freshness;
using OrleansGeo.Runtime.Moves;
using OrleansGeo.Runtime.Reminders;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.Topology;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Gates;

/// <summary>What the geo activations of one silo share.</summary>
internal sealed class GeoActivations(
    IGrainContextAccessor contexts,
    LocalShards shards,
    CurrentTopology topology,
    RegionAuthority authority,
    IServiceProvider services,
    TimeProvider time,
    LeaseClock clock,
    EntityPlaces places,
    Prober probes,
    RowProgress rows,
    IRegionStore store,
    Serializer serializer,
    DeepCopier copier,
    IOptions<GeoOptions> options,
    IOptions<GeoLimits> limits) : ICallGates
{
    private static readonly TimeSpan ShowsBound = TimeSpan.FromSeconds(1);

    private FrozenSet<GrainType> _types = FrozenSet<GrainType>.Empty;

    public LocalShards Shards { get; } = shards;

    public CurrentTopology Topology { get; } = topology;

    public RegionAuthority Authority { get; } = authority;

    public TimeProvider Time { get; } = time;

    public LeaseClock Clock { get; } = clock;

    /// <summary>Moved entities whose activations belong to other silos.</summary>
    public PinDirectory Places { get; } = places.Moved;

    public Prober Probes { get; } = probes;

    public RowProgress Rows { get; } = rows;

    /// <summary>Whether another silo may write what this one has open, because its cluster has given this one up.</summary>
    public bool IsStoreShared { get; } = store.IsShared;

    public IServiceProvider Services => services;

    public Relay Relay => field ??= services.GetRequiredService<Relay>();

    /// <summary>Asked for late: it needs the router, which needs this.</summary>
    public OneWayRequests OneWay => field ??= services.GetRequiredService<OneWayRequests>();

    public GateFilters Filters => field ??= services.GetRequiredService<GateFilters>();

    /// <summary>Asked for late: it needs the grain factory, which needs this.</summary>
    public ControlFollower Control => field ??= services.GetRequiredService<ControlFollower>();

    /// <summary>For the same reason.</summary>
    public EntityMoves Moves => field ??= services.GetRequiredService<EntityMoves>();

    /// <summary>For the same reason.</summary>
    public WriterFollower Follower => field ??= services.GetRequiredService<WriterFollower>();

    /// <summary>For the same reason.</summary>
    public LocalReminders Reminders => field ??= services.GetRequiredService<LocalReminders>();

    public Serializer Serializer { get; } = serializer;

    public DeepCopier Copier { get; } = copier;

    public GeoLimits Limits { get; } = limits.Value;

    public byte Self { get; } = (byte)topology.Value.Regions.IndexOf(options.Value.Self);

    /// <summary>The geo activation that is running now, if one is. Cheap when there is none: every outgoing call of the silo asks.</summary>
    public GeoActivation? Current
    {
        get
        {
            var types = _types;
            return types.Count > 0 && contexts.GrainContext is { } context && types.Contains(context.GrainId.Type)
                ? (GeoActivation?)context.GetComponent(typeof(GeoActivation))
                : null;
        }
    }

    public bool IsGivenUp => Current is { View.IsGivenUp: true };

    /// <summary>Whether a shard shows an entity in this region that came there in a generation; null: it cannot say now.</summary>
    public async Task<bool?> ShowsAsync(int shard, string entity, long generation)
    {
        try
        {
            return await Shard(shard).Shows(entity, generation).AsTask().WaitAsync(ShowsBound, Time);
        }
        catch (Exception exception) when (exception is OrleansException || Failures.IsTransient(exception))
        {
            return null;
        }
    }

    /// <summary>Makes a shard act in this region.</summary>
    public Task WakeAsync(int shard) => Shard(shard).Locate().AsTask();

    private IShardGrain Shard(int shard) => services.GetRequiredService<IGrainFactory>().GetGrain<IShardGrain>(Topology.Value.Map[shard].Name);

    public void Register(GrainType type)
    {
        lock (this)
        {
            _types = _types.Append(type).ToFrozenSet();
        }
    }
}
