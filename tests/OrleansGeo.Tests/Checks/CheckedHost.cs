using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using OrleansGeo.Runtime.Checks;
using OrleansGeo.Runtime.Hosting;

namespace OrleansGeo.Tests.Checks;

/// <summary>A host of one silo that hosts further grain classes.</summary>
/// <remarks>Wrong classes are private to their test: Orleans generates nothing for those, so that no other silo of the tests hosts them.</remarks>
internal static class CheckedHost
{
    public const string Region = "alone";

    public static IHost Build(params Type[] classes) => Build(static geo => geo.UseMemory(), Region, classes);

    public static IHost Build(Action<GeoBuilder> configure, string cluster, params Type[] classes)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FreePort(), gatewayPort: 0, clusterId: cluster).AddOrleansGeo(Region, configure);
            silo.Services.PostConfigure<GrainTypeOptions>(types => types.Classes.UnionWith(classes));
        });
        return builder.Build();
    }

    /// <summary>What a silo with these classes would not start for.</summary>
    public static string[] Problems(params Type[] classes)
    {
        using var host = Build(classes);
        return Problems(host);
    }

    public static string[] Problems(IHost host)
    {
        try
        {
            ActivatorUtilities.CreateInstance<StartCheck>(host.Services);
            return [];
        }
        catch (GeoException exception)
        {
            return LinesOf(exception);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static string[] LinesOf(GeoException exception) => exception.Message.Split("\n- ")[1..];
}
