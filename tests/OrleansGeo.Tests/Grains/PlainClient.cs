using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using OrleansGeo.Testing;

namespace OrleansGeo.Tests.Grains;

/// <summary>A client of a region's cluster that does not have OrleansGeo: its calls are Orleans' own.</summary>
internal sealed class PlainClient : IAsyncDisposable
{
    private readonly IHost _host;

    private PlainClient(IHost host) => _host = host;

    public IClusterClient Grains => _host.Services.GetRequiredService<IClusterClient>();

    public static async Task<PlainClient> StartAsync(GeoTestRegion region)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        builder.Services.AddOrleansClient(client => client
            .UseStaticClustering([.. region.Cluster.Silos.Select(static silo => silo.GatewayAddress.Endpoint)])
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (region.Region.Name, region.Cluster.Options.ServiceId)));
        var host = builder.Build();
        await host.StartAsync();
        return new(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
