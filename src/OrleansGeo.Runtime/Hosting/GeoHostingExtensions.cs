using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.GrainReferences;
using Orleans.Messaging;
using Orleans.Metadata;
using Orleans.Storage;
using Orleans.Timers;
using OrleansGeo;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Checks;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Events;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Filters;
using OrleansGeo.Runtime.Freshness;
using OrleansGeo.Runtime.Gates;
using OrleansGeo.Runtime.Gates.Facades;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Runtime.Ledgers;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Loops;
using OrleansGeo.Runtime.Moves;
using OrleansGeo.Runtime.Reminders;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.Shards.Moves;
using OrleansGeo.Runtime.States;
using OrleansGeo.Runtime.Topology;
using OrleansGeo.Runtime.Types;
using OrleansGeo.Runtime.World;

namespace Orleans.Hosting;

/// <summary>Makes a silo or a client part of a world.</summary>
public static class GeoHostingExtensions
{
    /// <summary>
    /// Makes the silo's cluster the region <paramref name="region"/> of a world. The cluster's <c>ClusterId</c> becomes the region's name; a host that sets another one is refused at start. Its <c>ServiceId</c>
    /// is the world's: the same in every region. A silo that cannot work as configured does not start, and says all that is wrong at once.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="region">The region's name: 1 to 32 characters a-z, 0-9 and '-', starting with a letter, such as <c>westeurope</c>.</param>
    /// <param name="configure">Chooses the region's store, and the other regions if there are any.</param>
    /// <example><code>
    /// builder.UseOrleans(silo =&gt; silo.UseLocalhostClustering().AddOrleansGeo("westeurope", geo =&gt; geo.UseSqlite("westeurope.db")));
    /// </code></example>
    public static ISiloBuilder AddOrleansGeo(this ISiloBuilder builder, string region, Action<GeoBuilder> configure)
    {
        var services = builder.Services;
        AddCaller(services, region, configure);
        services.AddSiloLinks();

        // Checks
        StartCheck.AddTo(services);
        services.AddSingleton<IGrainPropertiesProvider, LastGrainProperties>();

        // Gates
        services.AddSingleton<GeoActivations>();
        services.AddSingleton<ICallGates>(static provider => provider.GetRequiredService<GeoActivations>());
        services.AddSingleton<Relay>();
        services.AddSingleton<OneWayRequests>();
        services.AddSingleton<IConfigureGrainContextProvider, GeoActivationConfigurator>();
        services.AddSingleton<IConfigureGrainTypeComponents, GeoGrainActivatorProvider>();
        services.AddStateSerializers();
        services.AddKeyedSingleton<IGrainStorage, GeoGrainStorage>(GeoPersistentStateFactory.StorageName);
        Decorate<IPersistentStateFactory>(services, static (_, inner) => new GeoPersistentStateFactory(inner));
        services.AddIncomingCallFilters();
        services.AddGatedEnumerations();
        Decorate<ITimerRegistry>(services, static (_, inner) => new GatedTimerRegistry(inner));

        // Reminders. Orleans' own service is added first, whatever the host adds later: it is added once, so that ours stays in front of it. It wants a table,
        // and whichever the host chooses takes the place of this one.
        builder.AddReminders();
        services.TryAddSingleton<IReminderTable, NoReminderTable>();
        Decorate<IReminderRegistry>(services, static (provider, inner) => ActivatorUtilities.CreateInstance<GeoReminderRegistry>(provider, inner));
        services.AddSingleton<LocalReminders>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(static provider => provider.GetRequiredService<LocalReminders>());

        // Failover
        services.AddSingleton<ControlPlane>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(static provider => provider.GetRequiredService<ControlPlane>());
        services.AddTransient<ILedger, Ledger>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, RegionWatch>();
        services.AddSingleton<IRegionPresence, RegionPresence>();
        services.AddOptions<ShutdownOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<ShutdownOptions>, ShutdownOptionsValidator>();
        services.AddHostedService<RegionVisit>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, WorldMetrics>();

        // Types. After the links, which must be under way when the host's start waits for the world's register.
        services.AddSingleton<TypeStandings>();
        services.AddSingleton<DeclaredElsewhere>();
        services.AddSingleton<TypeKeeper>();

        // First of its stage, as what calls need: a startup task may block the thread that starts the others.
        services.Insert(0, ServiceDescriptor.Singleton<ILifecycleParticipant<ISiloLifecycle>>(static provider => provider.GetRequiredService<TypeKeeper>()));
        services.AddHostedService(static provider => provider.GetRequiredService<TypeKeeper>());

        // Shards
        services.AddSingleton<LocalShards>();
        services.AddSingleton<Fencer>();
        services.AddSingleton<EntityPlaces>();
        services.AddSingleton<WriterFollower>();
        services.AddOptions<FollowOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<FollowOptions>, FollowOptionsValidator>();
        services.AddSingleton<ShardSeats>();
        services.AddSingleton<HomeMover>();

        // What calls to geo grains need starts before any startup task, which may wait for its call on the very thread that starts the silo: Orleans starts
        // what it finds at the same stage in the order of registration.
        services.Insert(0, ServiceDescriptor.Singleton<ILifecycleParticipant<ISiloLifecycle>, ShardKeeper>());
        services.AddSingleton<StalenessGauge>();
        services.AddSingleton<RowProgress>();
        services.AddSingleton<Prober>();
        services.Insert(0, ServiceDescriptor.Singleton<ILifecycleParticipant<ISiloLifecycle>>(static provider => provider.GetRequiredService<Prober>()));
        services.AddPlacementDirector<GeoShardPlacement, GeoShardPlacementDirector>();
        services.AddPlacementDirector<ShardGrainPlacement, ShardGrainPlacementDirector>();
        return builder;
    }

    /// <summary>
    /// Makes the client's calls to geo grains go to their homes, repeats what a failover interrupts, and lets it use <see cref="GeoSession"/>. It is connected to the silos of <paramref name="region"/>, and
    /// names the world and its peers as a silo of that region does. A client without it reaches every geo grain, too, through the silos that it is connected to, but has no sessions.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <param name="region">The region whose silos it is connected to. The client's <c>ClusterId</c> becomes this name.</param>
    /// <param name="configure">Names the regions and where their silos are, this one among them (<see cref="GeoBuilder.Peer(string, string[])"/>).</param>
    public static IClientBuilder AddOrleansGeo(this IClientBuilder builder, string region, Action<GeoBuilder> configure)
    {
        AddCaller(builder.Services, region, configure);
        builder.Services.AddClientLinks();
        builder.Services.TryAddSingleton<IGatewayListProvider>(static provider => new NamedGateways(
            provider.GetRequiredService<IOptions<GeoOptions>>().Value.OwnGateways, provider.GetRequiredService<IHostNames>()));
        builder.Services.AddHostedService<ClientFollower>();
        return builder;
    }

    private static void AddCaller(IServiceCollection services, string region, Action<GeoBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        services.Configure<GeoOptions>(options => options.Region = region);
        configure(new GeoBuilder(services));
        services.PostConfigure<GeoOptions>(static options => options.Complete());
        services.PostConfigure<ClusterOptions>(options => options.ClusterId = NameOf(options.ClusterId, region));
        CallFlow.IsRouted = true;
        services.TryAddSingleton(TimeProvider.System);
        services.AddBackgroundLoops();
        services.AddSingleton<IValidateOptions<GeoOptions>, GeoOptionsValidator>();
        services.AddOptions<GeoOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<GeoLimits>, GeoLimitsValidator>();
        services.AddOptions<GeoLimits>().ValidateOnStart();
        services.AddOptions<FailoverOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<FailoverOptions>, FailoverOptionsValidator>();
        services.AddSingleton(static provider => new CurrentTopology(CreateTopology(provider.GetRequiredService<IOptions<GeoOptions>>().Value)));
        services.AddSingleton<GeoGrainPolicies>();
        services.AddSingleton<PinDirectory>();
        services.AddSingleton<GeoRouter>();
        services.AddSingleton<EntityMoves>();
        services.AddSingleton<IEntityMoves>(static provider => provider.GetRequiredService<EntityMoves>());
        services.AddSingleton<MoveSteps>();
        services.AddSingleton<IMoveSteps>(static provider => provider.GetRequiredService<MoveSteps>());
        services.AddSingleton<PinRules>();
        services.AddSingleton<IGeoWorld, GeoWorld>();
        services.AddSingleton<LeaseClock>();
        services.AddSingleton<GeoEvents>();
        services.AddSingleton<RegionAuthority>();
        services.AddSingleton<ControlFollower>();
        services.AddSingleton<IGeoAdmin, GeoAdmin>();
        services.AddOutgoingCallFilters();

        // Orleans asks providers in order: ours must come before its own.
        services.Insert(0, ServiceDescriptor.Singleton<IGrainReferenceActivatorProvider, GeoReferenceActivatorProvider>());
    }

    /// <summary>A cluster has its region's name, unless the host gave it another one, which is refused. What Orleans calls a cluster of which the host says nothing is no choice of the host's.</summary>
    private static string NameOf(string? cluster, string region) => cluster is null or "" or ClusterOptions.DefaultClusterId or "dev" ? region : cluster;

    private static WorldTopology CreateTopology(GeoOptions options)
    {
        var regions = new WorldRegions([.. options.Regions.Select(static region => new RegionId(region))]);
        var preferences = new HomePreferences
        {
            Priority = [.. options.Priority.Select(static region => new RegionId(region))],
            Witnesses = [.. options.Witnesses.Select(static region => new RegionId(region))],
        };
        return WorldTopology.Initial(new ShardMap(regions, options.HashShards, options.AffineShardsPerRegion, preferences));
    }

    private static void Decorate<TService>(IServiceCollection services, Func<IServiceProvider, TService, TService> decorate)
        where TService : class
    {
        var inner = services.Last(static descriptor => descriptor.ServiceType == typeof(TService));
        services.Remove(inner);
        services.AddSingleton(provider => decorate(provider, (TService)(inner.ImplementationInstance
            ?? inner.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!))));
    }
}
