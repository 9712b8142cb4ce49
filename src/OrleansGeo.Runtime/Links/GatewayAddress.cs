using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace OrleansGeo.Runtime.Links;

/// <summary>Where the gateway of a peer's silo is dialled: an IP address or a host name, and a port.</summary>
/// <remarks>
/// A host name is looked up when the gateway is dialled, again after every loss of the connection, and every <see cref="RegionLinkOptions.ResolveInterval"/>
/// while there is none. Of several addresses each is tried. They must be addresses that silos of the peer advertise: Orleans does not answer a client that
/// dialled a silo by another one, such as a load balancer's.
/// </remarks>
public sealed record GatewayAddress
{
    private GatewayAddress(string host, int port, IPEndPoint? endPoint) => (Host, Port, EndPoint) = (host, port, endPoint);

    /// <summary>The IP address or the host name.</summary>
    public string Host { get; }

    /// <summary>The gateway port: 1 to 65535.</summary>
    public int Port { get; }

    /// <summary>Where it is for ever; null: a name says that.</summary>
    internal IPEndPoint? EndPoint { get; }

    /// <summary>A gateway whose IP address never changes.</summary>
    /// <exception cref="ArgumentException">It has no port, or stands for any address.</exception>
    public static GatewayAddress Of(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return IsPlace(endPoint)
            ? new(endPoint.Address.ToString(), endPoint.Port, endPoint)
            : throw new ArgumentException($"{endPoint} is no place to dial: give a silo's own IP address and its gateway port, 1 to 65535.", nameof(endPoint));
    }

    /// <summary>Reads <c>gw1.example:30000</c>, <c>10.1.0.4:30000</c> or <c>[fd00::4]:30000</c>.</summary>
    /// <exception cref="FormatException">It is none of them.</exception>
    public static GatewayAddress Parse(string text) => TryParse(text, out var address)
        ? address
        : throw new FormatException($"'{text}' is not where a gateway can be dialled: give a host name or an IP address, and a port, like gw1.example:30000 or 10.1.0.4:30000.");

    /// <summary>The same; false: it is none of them.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out GatewayAddress? address)
    {
        address = null;
        if (text is null)
        {
            return false;
        }

        if (IPEndPoint.TryParse(text, out var endPoint))
        {
            address = IsPlace(endPoint) ? Of(endPoint) : null;
        }
        else if (text.LastIndexOf(':') is > 0 and var colon && IsName(text[..colon]) && ushort.TryParse(text.AsSpan(colon + 1), out var port) && port > 0)
        {
            address = new(text[..colon], port, null);
        }

        return address is not null;
    }

    /// <summary>As it is configured.</summary>
    public override string ToString() => EndPoint?.ToString() ?? $"{Host}:{Port}";

    private static bool IsPlace(IPEndPoint endPoint) => endPoint.Port > 0 && !endPoint.Address.Equals(IPAddress.Any) && !endPoint.Address.Equals(IPAddress.IPv6Any);

    // A name whose last part is a number is an IP address with a mistake in it: no host has such a name (RFC 1123, 2.1).
    private static bool IsName(string host) =>
        Uri.CheckHostName(host) == UriHostNameType.Dns && host.TrimEnd('.').Split('.')[^1].Any(static letter => !char.IsAsciiDigit(letter));
}
