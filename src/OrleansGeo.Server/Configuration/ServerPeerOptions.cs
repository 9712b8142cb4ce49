namespace OrleansGeo.Server.Configuration;

/// <summary>Another region.</summary>
internal sealed class ServerPeerOptions
{
    /// <summary>The region.</summary>
    public string Name { get; set; } = "";

    /// <summary>Address and gateway port of each of its silos, as <c>10.1.0.4:30000</c>: as the silo advertises them.</summary>
    public List<string> Gateways { get; set; } = [];
}
