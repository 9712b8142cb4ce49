using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Server.Configuration;

namespace OrleansGeo.Server.Tls;

/// <summary>Puts TLS into every Orleans connection that this process takes or makes.</summary>
internal static class TlsHosting
{
    public static void AddLinkTls(this IServiceCollection services, ServerOptions options)
    {
        ImmutableArray<string> own = [options.Region], world = [.. options.Regions];
        services.AddSingleton<Refusals>();
        services.AddSingleton(provider => new LinkCertificates(
            options.Tls, options.Region, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<LinkCertificates>>()));
        services.AddSingleton(provider => new LinkTls(
            provider.GetRequiredService<LinkCertificates>(), options.Tls, provider.GetRequiredService<Refusals>(), provider.GetRequiredService<TimeProvider>()));

        services.AddOptions<SiloConnectionOptions>().Configure<LinkTls>((connections, tls) =>
        {
            connections.ConfigureSiloInboundConnection(builder => tls.Accept(builder, "silo", own));
            connections.ConfigureSiloOutboundConnection(builder => tls.Connect(builder, options.Region));

            // Other regions' links, and clients of this region.
            connections.ConfigureGatewayInboundConnection(builder => tls.Accept(builder, "gateway", world));
        });

        // A link's client is of the cluster that it dials, and that is the peer's region.
        services.AddOptions<RegionLinkOptions>().Configure<LinkTls>((links, tls) => links.ConfigureClient = client => client.Services
            .AddOptions<ClientConnectionOptions>()
            .Configure<IOptions<ClusterOptions>>((connections, cluster) => connections.ConfigureConnection(builder => tls.Connect(builder, cluster.Value.ClusterId))));
    }
}
