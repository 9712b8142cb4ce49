using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Serialization.Invocation;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Filters;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Moves;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.Routing;

/// <summary>What the reference runtimes of one process share, and which one a grain type gets.</summary>
internal sealed class GeoRouter
{
    private readonly IServiceProvider _services;
    private readonly ConcurrentDictionary<GrainType, GeoReferenceRuntime> _runtimes = new();
    private readonly OutputGateRuntime? _outputGate;
    private readonly IRegionLink?[] _links;
    private readonly IGrainContextAccessor? _contexts;

    public GeoRouter(
        IServiceProvider services,
        GeoGrainPolicies policies,
        CurrentTopology topology,
        PinDirectory pins,
        RegionAuthority authority,
        IRegionLinks links,
        IOptions<GeoOptions> options,
        IOptions<GeoLimits> limits,
        DeepCopier copier,
        Serializer serializer,
        TimeProvider time)
    {
        _services = services;
        Policies = policies;
        Topology = topology;
        Pins = pins;
        Tokens = new(topology);
        Authority = authority;
        Self = options.Value.Self;
        SelfIndex = (byte)topology.Value.Regions.IndexOf(Self);
        Limits = limits.Value;
        Copier = copier;
        Serializer = serializer;
        Time = time;
        _contexts = services.GetService<IGrainContextAccessor>();
        Local = services.GetRequiredService<IGrainReferenceRuntime>();
        Gates = services.GetService<ICallGates>();
        _outputGate = Gates is null ? null : new OutputGateRuntime(Local, serializer);
        DefaultDeadline = services.GetService<IOptions<SiloMessagingOptions>>() is { } silo && Gates is not null
            ? silo.Value.ResponseTimeout
            : services.GetRequiredService<IOptions<ClientMessagingOptions>>().Value.ResponseTimeout;
        _links = [.. topology.Value.Regions.All.Select(region => links.TryGet(region, out var link) ? link : null)];
    }

    public GeoGrainPolicies Policies { get; }

    public CurrentTopology Topology { get; }

    /// <summary>Moved entities that this process has heard of.</summary>
    public PinDirectory Pins { get; }

    public RegionAuthority Authority { get; }

    public RegionId Self { get; }

    /// <summary>This region by its place in the world's order.</summary>
    public byte SelfIndex { get; }

    public GeoLimits Limits { get; }

    public DeepCopier Copier { get; }

    public Serializer Serializer { get; }

    public TimeProvider Time { get; }

    /// <summary>Reads and writes what sessions have seen.</summary>
    public SessionTokens Tokens { get; }

    public RequestIds RequestIds { get; } = new(Guid.NewGuid());

    /// <summary>The cluster's own runtime.</summary>
    public IGrainReferenceRuntime Local { get; }

    /// <summary>The gates of this silo; null on a client.</summary>
    public ICallGates? Gates { get; }

    public TimeSpan DefaultDeadline { get; }

    /// <summary>The channel to a region that can pass a call on to a home whose link is cut; null: the home is down too, or nobody can.</summary>
    public RegionChannel? RelayTo(RegionId home)
    {
        if (Authority.HealthOf(home).IsLive)
        {
            foreach (var link in _links)
            {
                if (link is not null && link.Peer != home && link.TryGetChannel(out var channel))
                {
                    return channel;
                }
            }
        }

        return null;
    }

    /// <summary>Where an entity is, from memory, with no allocation. It may have moved since: then whoever is asked says so.</summary>
    public EntityShard Locate(GeoGrainPolicy policy, GrainId entity) =>
        Pins.TryFind(entity, out var moved) ? moved : new(policy.Locate(Topology.Value, entity.Key.AsSpan()), 0);

    /// <summary>Whether the host has filters for outgoing calls.</summary>
    public bool HasOutgoingFilters => Filters.Outgoing.Length > 0;

    /// <summary>The host's call filters. Asked for late: they may need the grain factory, which needs this.</summary>
    public CallFilters Filters => field ??= _services.GetRequiredService<CallFilters>();

    /// <summary>Asked for late, for the same reason.</summary>
    public EntityMoves Moves => field ??= _services.GetRequiredService<EntityMoves>();

    /// <summary>Makes a call within the host's filters, once, whatever attempts it takes.</summary>
    public ValueTask<T?> FilterAsync<T>(GrainReference reference, IInvokable request, Func<ValueTask<T?>> send)
    {
        var source = Source;

        // An activation that calls itself outside of every turn passes on a plain call, whose caller has run its filters.
        return source?.GrainId == reference.GrainId && CallingTurn.Current is null
            ? send()
            : new OutgoingCall<T>(reference, request, source, Filters.Outgoing, send).RunAsync();
    }

    /// <summary>The grain that calls, for filters; null without any, because asking costs.</summary>
    public GrainId? SourceOf(CallingTurn? turn) => !Filters.Any ? null : turn is not null ? turn.Grain : Source?.GrainId;

    // Outside of every grain, a silo's own client takes the grain's place.
    private IGrainContext? Source => _contexts?.GrainContext is { } context && !context.GrainId.Type.IsClient() ? context : null;

    /// <summary>The link to a region by its index; null for this one.</summary>
    public IRegionLink? LinkTo(int region) => _links[region];

    /// <summary>Why other regions cannot be reached, in words; null: they can.</summary>
    public string? DownReasons => _links.DownReasons();

    /// <summary>The runtime for references to this grain type; null: Orleans' own.</summary>
    /// <param name="type">The grain type.</param>
    /// <param name="proxy">The class of its references for one interface.</param>
    public IGrainReferenceRuntime? RuntimeFor(GrainType type, Type proxy)
    {
        // What only ends a call waits for nothing, and makes no entry of what its caller has written so far.
        var gate = Cancels(proxy) ? null : _outputGate;
        if (!Policies.TryGet(type, out var policy))
        {
            return gate;
        }

        return typeof(IGrainExtension).IsAssignableFrom(proxy)
            ? new ExtensionRuntime(gate ?? Local, new(this, policy))
            : _runtimes.GetOrAdd(type, static (_, args) => new(args.Router, args.Policy), (Router: this, Policy: policy));
    }

    private static bool Cancels(Type proxy) =>
        Array.Exists(proxy.GetInterfaces(), static face => face.FullName is "Orleans.Runtime.IGrainCallCancellationExtension" or "Orleans.Runtime.ICancellationSourcesExtension");
}
