using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Messaging;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Hosting;

/// <summary>Describes one process's part in a world: its store, the other regions and how to reach them, and every limit. Passed to <c>AddOrleansGeo</c>.</summary>
public sealed class GeoBuilder
{
    internal GeoBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services of the silo or client, for extensions of this builder.</summary>
    public IServiceCollection Services { get; }

    /// <summary>
    /// Every region of the world, in the same order in each of its processes; this process's own is one of them. Default: the regions that <see cref="Peer(string, string[])"/> names, in the order of its
    /// calls; if it names none, this region alone. Regions cannot be added to a world that has data yet.
    /// </summary>
    public GeoBuilder World(params string[] regions) => Configure(options =>
    {
        options.Regions.Clear();
        foreach (var region in regions)
        {
            options.Regions.Add(region);
        }
    });

    /// <summary>A region and the gateways of its silos, by addresses that never change.</summary>
    /// <exception cref="ArgumentException">One has no port, or stands for any address.</exception>
    public GeoBuilder Peer(string region, params IPEndPoint[] gateways) => Peer(region, [.. gateways.Select(GatewayAddress.Of)]);

    /// <summary>
    /// A region and the gateways of its silos, each a host name or an IP address, and a port: <c>gw1.example:30000</c>. A name is looked up whenever it is dialled. The process's own region may be
    /// named, too, so that one list serves every process: a silo leaves it out, a client finds its silos there.
    /// </summary>
    /// <exception cref="FormatException">One is neither.</exception>
    public GeoBuilder Peer(string region, params string[] gateways) => Peer(region, [.. gateways.Select(GatewayAddress.Parse)]);

    private GeoBuilder With<TOptions>(Action<TOptions> configure)
        where TOptions : class
    {
        Services.Configure(configure);
        return this;
    }

    private GeoBuilder Peer(string region, GatewayAddress[] gateways) =>
        Configure(options => options.Peers.Add(new PeerOptions(new RegionId(region), gateways)));

    /// <summary>
    /// For a client: where it finds silos of its region, each a host name or an IP address, and a gateway port: <c>silo1.westeurope.example:30000</c>. Names are looked up again every minute.
    /// A client that finds its silos otherwise (by a clustering package, say) leaves this out.
    /// </summary>
    /// <exception cref="FormatException">One is neither.</exception>
    public GeoBuilder Gateways(params string[] gateways)
    {
        GatewayAddress[] addresses = [.. gateways.Select(GatewayAddress.Parse)];
        Services.TryAddSingleton<IHostNames, DnsHostNames>();
        Services.AddSingleton<IGatewayListProvider>(provider => new NamedGateways(addresses, provider.GetRequiredService<IHostNames>()));
        return this;
    }

    /// <summary>
    /// Active-passive: the first of these regions is to be home of every shard, and the others take over in this order. Default: active-active, homes are spread over all regions. The same in every region.
    /// It may be changed for a world that has data: homes then move, planned.
    /// </summary>
    public GeoBuilder ActivePassive(params string[] priority) => Configure(options =>
    {
        foreach (var region in priority)
        {
            options.Priority.Add(region);
        }
    });

    /// <summary>Regions that vote and hold replicas, and are never home, such as the third one of a world with two data centres. The same in every region.</summary>
    public GeoBuilder Witness(params string[] regions) => Configure(options =>
    {
        foreach (var region in regions)
        {
            options.Witnesses.Add(region);
        }
    });

    /// <summary>Changes leases, and when homes are taken over and given back. The same in every region.</summary>
    public GeoBuilder Failover(Action<FailoverOptions> configure) => With(configure);

    /// <summary>Changes when an entity of a type with <see cref="GeoGrainAttribute.FollowWriters"/> moves to its writers. The same in every region.</summary>
    public GeoBuilder Follow(Action<FollowOptions> configure) => With(configure);

    /// <summary>Changes anything that <see cref="GeoOptions"/> holds: shard counts, how often freshness is measured.</summary>
    public GeoBuilder Configure(Action<GeoOptions> configure) => With(configure);

    /// <summary>Changes what a shard takes: sizes, counts, how long requests are remembered. The same in every region.</summary>
    public GeoBuilder Limits(Action<GeoLimits> configure) => With(configure);

    /// <summary>What this process does when it is told to stop.</summary>
    public GeoBuilder Shutdown(Action<ShutdownOptions> configure) => With(configure);

    /// <summary>Changes how this process keeps its links to other regions, and their transport security.</summary>
    public GeoBuilder Links(Action<RegionLinkOptions> configure) => With(configure);

    /// <summary>
    /// States of geo grains in these storages stay in their region: they are not replicated, other regions see none of them, and they are lost with it. For
    /// what each region may have of its own, such as caches. A geo grain with a state in another storage than <c>geo</c> that is not named here is
    /// refused when the silo starts. A state without a storage name is in "Default".
    /// </summary>
    public GeoBuilder KeepLocal(params string[] storages) => Configure(options =>
    {
        foreach (var storage in storages)
        {
            options.LocalStorages.Add(storage);
        }
    });

    /// <summary>The region's store, made, opened and disposed with this silo.</summary>
    public GeoBuilder UseStore(Func<IServiceProvider, IRegionStore> create)
    {
        Services.RemoveAll<IRegionStore>();
        Services.AddSingleton(create);
        Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, StoreOpener>();
        return this;
    }

    /// <summary>A store that is open already, and that the caller disposes: for several silos of a region in one process.</summary>
    public GeoBuilder UseOpenStore(IRegionStore store)
    {
        Services.RemoveAll<IRegionStore>();
        Services.AddSingleton(store);
        return this;
    }
}
