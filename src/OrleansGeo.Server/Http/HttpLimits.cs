using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OrleansGeo.Server.Http;

/// <summary>What one connection may cost: who sends nothing, or too slowly, does not keep it. The size of a body is the web API's own limit.</summary>
internal static class HttpLimits
{
    public static void Apply(KestrelServerOptions kestrel, HttpOptions http)
    {
        kestrel.Listen(IPAddress.Parse(http.Address), http.Port);
        var limits = kestrel.Limits;
        limits.MaxConcurrentConnections = http.MaxConnections;
        limits.RequestHeadersTimeout = http.HeadersTimeout;
        limits.KeepAliveTimeout = http.KeepAlive;
        limits.MinRequestBodyDataRate = new(http.MinBytesPerSecond, http.SlowGrace);
        limits.MinResponseDataRate = new(http.MinBytesPerSecond, http.SlowGrace);
    }
}
