using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Checks;

/// <summary>What the host must have chosen before a region can start.</summary>
internal sealed class HostCheck(IServiceProvider services, IServiceProviderIsService registered)
{
    public IEnumerable<string> Look()
    {
        string[] problems =
        [
            .. Failures<GeoOptions>(), .. Failures<FailoverOptions>(), .. Failures<FollowOptions>(),
        ];
        foreach (var problem in problems)
        {
            yield return problem;
        }

        if (!registered.IsService(typeof(IRegionStore)))
        {
            yield return "The region has no store, so that nothing could be kept. Choose one in AddOrleansGeo: geo.UseSqlite(path), geo.UseAzureTables(…), or geo.UseMemory() for tests.";
        }

        if (problems.Length == 0 && services.GetRequiredService<IOptions<GeoOptions>>().Value.Region is var region
            && services.GetRequiredService<IOptions<ClusterOptions>>().Value.ClusterId is var cluster && cluster != region)
        {
            yield return $"The cluster's ClusterId is \"{cluster}\" and its region \"{region}\": each region is one Orleans cluster of its name, and other regions would not find it. Leave the ClusterId out, so that AddOrleansGeo sets it, or set it to \"{region}\".";
        }

        var endpoints = services.GetRequiredService<IOptions<EndpointOptions>>().Value;
        var silo = endpoints.SiloListeningEndpoint ?? new(endpoints.AdvertisedIPAddress ?? IPAddress.Any, endpoints.SiloPort);
        if (IsTaken(silo))
        {
            yield return $"Port {silo}, by which this silo would talk to its cluster's others, is in use on this machine. Stop the process that has it, or choose another silo port.";
        }

        var gateway = endpoints.GatewayListeningEndpoint ?? new(endpoints.AdvertisedIPAddress ?? IPAddress.Any, endpoints.GatewayPort);
        if (IsTaken(gateway))
        {
            yield return $"Port {gateway}, by which clients and other regions would reach this silo, is in use on this machine. Stop the process that has it, or choose another gateway port, and name it in the other regions' Peer(…).";
        }
    }

    /// <summary>Orleans would fail there without a word on which port it was. It is tried as Orleans would take it, so that nothing is refused that would work.</summary>
    private static bool IsTaken(IPEndPoint endpoint)
    {
        if (endpoint.Port == 0)
        {
            return false;
        }

        try
        {
            using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(endpoint);
            return false;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode == SocketError.AddressAlreadyInUse;
        }
    }

    private IEnumerable<string> Failures<TOptions>()
        where TOptions : class
    {
        try
        {
            _ = services.GetRequiredService<IOptions<TOptions>>().Value;
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return exception.Failures;
        }
    }
}
