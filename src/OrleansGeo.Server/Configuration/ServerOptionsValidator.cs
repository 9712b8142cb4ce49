using System.Net;
using Microsoft.Extensions.Options;
using OrleansGeo.Api;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Server.Auth;
using OrleansGeo.Server.Http;
using OrleansGeo.Server.Shutdown;
using OrleansGeo.Server.Storage;
using OrleansGeo.Server.Telemetry;
using OrleansGeo.Server.Tls;

namespace OrleansGeo.Server.Configuration;

/// <summary>Everything that is wrong with the options: each part's own problems, and what does not fit together.</summary>
internal static class ServerOptionsValidator
{
    public static IEnumerable<string> Problems(ServerOptions options) =>
    [
        .. WorldProblems(options),
        .. SiloProblems(options.Silo),
        .. RuntimeProblems(options),
        .. HttpProblems.Of(options.Http),
        .. StorageProblems.Of(options.Storage, options.Membership),
        .. TlsProblems.Of(options.Tls, options.Region),
        .. AuthProblems.Of(options.Auth),
        .. ExposureProblems(options),
        .. ShutdownProblems.Of(options.Shutdown),
        .. TelemetryProblems.Of(options.Telemetry),
    ];

    /// <summary>What a region may be told is for whoever proves who it is.</summary>
    private static IEnumerable<string> ExposureProblems(ServerOptions options)
    {
        var beyond = new List<string>();
        if (IPAddress.TryParse(options.Http.Address, out _) && !options.Http.IsLoopback)
        {
            beyond.Add($"Geo:Http:Address {options.Http.Address}");
        }

        if (IPAddress.TryParse(options.Silo.Address, out var silo) && !IPAddress.IsLoopback(silo))
        {
            beyond.Add($"Geo:Silo:Address {options.Silo.Address}");
        }

        if (beyond.Count > 0 && !options.Auth.IsConfigured)
        {
            yield return $"{string.Join(" and ", beyond)}: the server listens beyond the loopback address only with authentication: give Geo:Auth:Authority (or KeysFile) and Geo:Auth:Audience.";
        }

        if (beyond.Count > 0 && !options.Tls.IsConfigured)
        {
            yield return $"{string.Join(" and ", beyond)}: the server listens beyond the loopback address only with link certificates: give Geo:Tls:CertificateFile, KeyFile and CaFile.";
        }
    }

    private static IEnumerable<string> WorldProblems(ServerOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.ServiceId))
        {
            yield return "Geo:ServiceId: give the world a name, the same in every region.";
        }

        foreach (var peer in options.Peers)
        {
            if (peer.Name == options.Region || options.Peers.Count(other => other.Name == peer.Name) > 1 || !options.Regions.Contains(peer.Name))
            {
                yield return $"Geo:Peers: '{peer.Name}' must be another region of Geo:Regions, listed once.";
            }

            foreach (var gateway in peer.Gateways.Where(static gateway => !GatewayAddress.TryParse(gateway, out _)))
            {
                yield return $"Geo:Peers: '{gateway}', a gateway of {peer.Name}, is not a host name or IP address, and a port, like gw1.example:30000 or 10.1.0.4:30000.";
            }
        }
    }

    private static IEnumerable<string> SiloProblems(SiloAddressOptions silo)
    {
        if (!IPAddress.TryParse(silo.Address, out var address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            yield return $"Geo:Silo:Address: '{silo.Address}' is not an IP address at which others reach this silo.";
        }

        foreach (var (name, port) in new[] { ("Port", silo.Port), ("GatewayPort", silo.GatewayPort) })
        {
            if (port is < 1 or > 65_535)
            {
                yield return $"Geo:Silo:{name}: {port}: use 1 to 65535.";
            }
        }

        if (silo.Port == silo.GatewayPort)
        {
            yield return $"Geo:Silo:GatewayPort: {silo.GatewayPort} is Geo:Silo:Port, too: use another.";
        }
    }

    private static IEnumerable<string> RuntimeProblems(ServerOptions options)
    {
        var geo = new GeoOptions();
        GeoSilo.Describe(geo, options);
        return
        [
            .. Failures("", new GeoOptionsValidator().Validate(null, geo)),
            .. Failures("Geo:Failover:", new FailoverOptionsValidator().Validate(null, options.Failover)),
            .. Failures("Geo:Follow:", new FollowOptionsValidator().Validate(null, options.Follow)),
            .. Failures("Geo:Api:", new GeoApiOptionsValidator().Validate(null, options.Api)),
            .. NotPositive("Geo:Limits:", options.Limits),
            .. NotPositive("Geo:Links:", options.Links),
        ];
    }

    private static IEnumerable<string> Failures(string prefix, ValidateOptionsResult result) =>
        (result.Failures ?? []).Select(failure => failure.StartsWith("Property ", StringComparison.Ordinal) ? prefix + failure["Property ".Length..] : failure);

    /// <summary>All of them are bounds: of nothing, or of less, nothing would work.</summary>
    private static IEnumerable<string> NotPositive<T>(string prefix, T bounds)
    {
        foreach (var property in typeof(T).GetProperties())
        {
            var value = property.GetValue(bounds);
            if (value is int and <= 0 or long and <= 0 || (value is TimeSpan time && time <= TimeSpan.Zero))
            {
                yield return $"{prefix}{property.Name}: {value}: use more than zero.";
            }
        }
    }
}
