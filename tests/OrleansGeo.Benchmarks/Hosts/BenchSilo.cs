using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansGeo.Benchmarks.Hosts;

/// <summary>A cluster of one silo in a host of its own. Both sides of a comparison are made by this.</summary>
internal sealed class BenchSilo : IAsyncDisposable
{
    public const string ServiceId = "orleansgeo-benchmarks";

    private readonly IHost _host;

    private BenchSilo(IHost host, IPEndPoint gateway)
    {
        _host = host;
        Gateway = gateway;
    }

    public IPEndPoint Gateway { get; }

    public IServiceProvider Services => _host.Services;

    /// <summary>The silo's own client: calls stay in the process and are not serialized.</summary>
    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public static async Task<BenchSilo> StartAsync(string cluster, int siloPort, int gatewayPort, Action<ISiloBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning).AddProvider(new ErrorLog());
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(siloPort, gatewayPort, serviceId: ServiceId, clusterId: cluster);
            configure(silo);
        });
        var host = builder.Build();
        await host.StartAsync();
        return new(host, new(IPAddress.Loopback, gatewayPort));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
