using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using OrleansGeo.Server.Tls;

namespace OrleansGeo.Tests.Server;

/// <summary>An Orleans client that is not of the world: it may have a certificate, and believes everybody.</summary>
internal static class ForeignClient
{
    /// <summary>Calls a grain through a gateway; returns why that failed, null if it was answered.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="region">The region that it thinks it calls.</param>
    /// <param name="tls">Whether it speaks TLS.</param>
    /// <param name="certificate">What it shows then.</param>
    public static async Task<Exception?> CallAsync(IPEndPoint gateway, string region, bool tls, X509Certificate2? certificate = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (region, "orleansgeo"));
            client.UseStaticClustering(gateway);

            // One attempt: that it may come in later is not the question.
            client.UseConnectionRetryFilter(static (_, _) => Task.FromResult(false));
            if (tls)
            {
                client.Configure<ClientConnectionOptions>(connections => connections.ConfigureConnection(connection => Wrap(connection, region, certificate)));
            }
        });
        var host = builder.Build();
        var isStarted = false;
        try
        {
            await host.StartAsync();
            isStarted = true;
            var hosts = await host.Services.GetRequiredClient().GetGrain<IManagementGrain>(0).GetHosts();
            Assert.NotEmpty(hosts);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
        finally
        {
            // One that has not started cannot be stopped: trying would hide why.
            if (isStarted)
            {
                await host.StopAsync();
            }

            await ((IAsyncDisposable)host).DisposeAsync();
        }
    }

    /// <summary>The certificate that a gateway shows to whoever shows it this one.</summary>
    public static async Task<X509Certificate2> LookAsync(IPEndPoint gateway, X509Certificate2 certificate)
    {
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(gateway);
        await using var stream = new SslStream(socket.GetStream());
        await stream.AuthenticateAsClientAsync(Options("anybody", certificate));
        return new X509Certificate2((X509Certificate2)stream.RemoteCertificate!);
    }

    private static IClusterClient GetRequiredClient(this IServiceProvider services) => (IClusterClient)services.GetService(typeof(IClusterClient))!;

    private static void Wrap(IConnectionBuilder builder, string region, X509Certificate2? certificate) => builder.Use(next => async context =>
    {
        await using var stream = new SslStream(new DuplexStream(context.Transport), leaveInnerStreamOpen: true);
        await stream.AuthenticateAsClientAsync(Options(region, certificate));
        var bare = context.Transport;
        await using var transport = new TlsTransport(stream, stream);
        context.Transport = transport;
        try
        {
            await next(context);
        }
        finally
        {
            context.Transport = bare;
        }
    });

    [SuppressMessage("Security", "CA5359", Justification = "Whoever tries the door does not ask whose it is.")]
    private static SslClientAuthenticationOptions Options(string region, X509Certificate2? certificate) => new()
    {
        TargetHost = region,
        ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
        RemoteCertificateValidationCallback = static (_, _, _, _) => true,
    };
}
