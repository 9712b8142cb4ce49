using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Storage;

namespace OrleansGeo.Runtime.Hosting;

/// <summary>Describes one process's part in a world.</summary>
public sealed class GeoBuilder(IServiceCollection services)
{
    public IServiceCollection Services { get; } = services;

    /// <summary>The region of this process.</summary>
    public GeoBuilder Region(string region) => Configure(options => options.Region = region);

    /// <summary>Every region of the world, in the same order everywhere.</summary>
    public GeoBuilder World(params string[] regions) => Configure(options =>
    {
        options.Regions.Clear();
        foreach (var region in regions)
        {
            options.Regions.Add(region);
        }
    });

    /// <summary>A peer region and the gateways of its silos, by addresses that never change.</summary>
    /// <exception cref="ArgumentException">One has no port, or stands for any address.</exception>
    public GeoBuilder Peer(string region, params IPEndPoint[] gateways) => Peer(region, [.. gateways.Select(GatewayAddress.Of)]);

    /// <summary>A peer region and the gateways of its silos, each a host name or an IP address, and a port: <c>gw1.example:30000</c>. A name is looked up whenever it is dialled.</summary>
    /// <exception cref="FormatException">One is neither.</exception>
    public GeoBuilder Peer(string region, params string[] gateways) => Peer(region, [.. gateways.Select(GatewayAddress.Parse)]);

    private GeoBuilder Peer(string region, GatewayAddress[] gateways) =>
        Configure(options => options.Peers.Add(new PeerOptions(new RegionId(region), gateways)));

    public GeoBuilder Configure(Action<GeoOptions> configure)
    {
        Services.Configure(configure);
        return this;
    }

    public GeoBuilder Limits(Action<GeoLimits> configure)
    {
        Services.Configure(configure);
        return this;
    }

    /// <summary>What this process does when it is told to stop.</summary>
    public GeoBuilder Shutdown(Action<ShutdownOptions> configure)
    {
        Services.Configure(configure);
        return this;
    }

    public GeoBuilder Links(Action<RegionLinkOptions> configure)
    {
        Services.Configure(configure);
        return this;
    }

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
