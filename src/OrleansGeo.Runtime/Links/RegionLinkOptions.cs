using Orleans.Hosting;

namespace OrleansGeo.Runtime.Links;

/// <summary>How a region link watches its peer.</summary>
public sealed class RegionLinkOptions
{
    /// <summary>Time between heartbeats. Default 200 ms.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>A heartbeat that is not answered after this long, plus two measured round trips, cuts the link. Default 800 ms.</summary>
    public TimeSpan HeartbeatTimeout { get; set; } = TimeSpan.FromMilliseconds(800);

    /// <summary>Time between attempts to connect. Default 250 ms.</summary>
    public TimeSpan RedialInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How long the answer to a look-up of a gateway's host name is used while the gateway cannot be reached. After a connection was lost the name is looked up
    /// at once. Default 2 s.
    /// </summary>
    public TimeSpan ResolveInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one attempt to connect may take, and one look-up of a name. Default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Configures every Orleans client that a link makes, after the link's own configuration: serializers that the silo has too,
    /// TLS middleware, activity propagation. Called once per client, on any thread. Default none.
    /// </summary>
    public Action<IClientBuilder>? ConfigureClient { get; set; }
}
