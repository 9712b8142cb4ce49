using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.GrainReferences;
using Orleans.Hosting;
using Orleans.Metadata;
using Orleans.Storage;
using Orleans.Timers;
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
using OrleansGeo.Runtime.Ledgers;
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

namespace OrleansGeo.Runtime.Hosting;

/// <summary>Makes a silo or a client part of a world.</summary>
public static class GeoHostingExtensions
{
    /// <summary>Makes the silo's cluster a region of a world. Its <c>ClusterId</c> must be the region's name, its <c>ServiceId</c> the world's.</summary>
    public static ISiloBuilder AddOrleansGeo(this ISiloBuilder builder, Action<GeoBuilder> configure)
    {
        var services = builder.Services;
        AddCaller(services, configure);
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

    /// <summary>Makes the client's calls to geo grains go to their homes. It is connected to the silos of one region.</summary>
    public static IClientBuilder AddOrleansGeo(this IClientBuilder builder, Action<GeoBuilder> configure)
    {
        AddCaller(builder.Services, configure);
        builder.Services.AddClientLinks();
        builder.Services.AddHostedService<ClientFollower>();
        return builder;
    }

    private static void AddCaller(IServiceCollection services, Action<GeoBuilder> configure)
    {
        configure(new GeoBuilder(services));
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
