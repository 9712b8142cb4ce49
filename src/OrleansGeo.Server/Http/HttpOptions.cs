using System.Net;

namespace OrleansGeo.Server.Http;

/// <summary>Where the web API listens, and how much of it one caller gets. TLS is the business of what stands in front.</summary>
internal sealed class HttpOptions
{
    /// <summary>The IP address to listen on; <c>0.0.0.0</c> for all.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>0 to 65535; 0: any that is free.</summary>
    public int Port { get; set; } = 8080;

    /// <summary>What one caller (a token's subject, else an IP address) gets in the long run. Above zero. Past it: 429 with <c>Retry-After</c>.</summary>
    public int RequestsPerSecond { get; set; } = 1000;

    /// <summary>What one caller may send at once on top of nothing. At least 1.</summary>
    public int Burst { get; set; } = 2000;

    /// <summary>Connections at the same time. Further ones are closed at once. Above zero.</summary>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>How long the headers of a request may take. Above zero.</summary>
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A body that arrives more slowly than so many bytes a second, after <see cref="SlowGrace"/>, is given up; so is a response that is taken more slowly. Above zero.</summary>
    public int MinBytesPerSecond { get; set; } = 240;

    /// <summary>Above 1 s, which is how often it is looked at.</summary>
    public TimeSpan SlowGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection without a request is kept. Above zero.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromMinutes(2);

    public bool IsLoopback => IPAddress.TryParse(Address, out var address) && IPAddress.IsLoopback(address);
}
