using System.Net;

namespace OrleansGeo.Server.Http;

/// <summary>What is wrong with <see cref="HttpOptions"/>.</summary>
internal static class HttpProblems
{
    public static IEnumerable<string> Of(HttpOptions http)
    {
        if (!IPAddress.TryParse(http.Address, out _))
        {
            yield return $"Geo:Http:Address: '{http.Address}' is not an IP address.";
        }

        if (http.Port is < 0 or > 65_535)
        {
            yield return $"Geo:Http:Port: {http.Port}: use 0 to 65535.";
        }

        foreach (var (name, value) in new[]
        {
            ("RequestsPerSecond", http.RequestsPerSecond), ("Burst", http.Burst), ("MaxConnections", http.MaxConnections), ("MinBytesPerSecond", http.MinBytesPerSecond),
        })
        {
            if (value <= 0)
            {
                yield return $"Geo:Http:{name}: {value}: use more than zero.";
            }
        }

        foreach (var (name, value) in new[] { ("HeadersTimeout", http.HeadersTimeout), ("KeepAlive", http.KeepAlive) })
        {
            if (value <= TimeSpan.Zero)
            {
                yield return $"Geo:Http:{name}: {value}: use a positive time.";
            }
        }

        if (http.SlowGrace <= TimeSpan.FromSeconds(1))
        {
            yield return $"Geo:Http:SlowGrace: {http.SlowGrace}: use more than 1 s.";
        }
    }
}
