using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace OrleansGeo.Benchmarks.Hosts;

/// <summary>An ordinary Orleans client of one cluster.</summary>
internal sealed class DirectClient(IHost host) : IAsyncDisposable
{
    public IGrainFactory Grains => host.Services.GetRequiredService<IGrainFactory>();

    public static async Task<DirectClient> StartAsync(string cluster, IPEndPoint gateway, Action<IClientBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning).AddProvider(new ErrorLog());
        builder.UseOrleansClient(client =>
        {
            client.UseStaticClustering(gateway);
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster, BenchSilo.ServiceId));
            configure(client);
        });
        var host = builder.Build();
        await host.StartAsync();
        return new(host);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
    }
}
