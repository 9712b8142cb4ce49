namespace OrleansGeo.Server.Configuration;

/// <summary>Another region.</summary>
internal sealed class ServerPeerOptions
{
    /// <summary>The region.</summary>
    public string Name { get; set; } = "";

    /// <summary><see cref="OrleansGeo.Runtime.Links.GatewayAddress"/>: where each of its silos is dialled, as <c>10.1.0.4:30000</c>, which it advertises, or <c>gw1.example:30000</c>, which leads there.</summary>
    public List<string> Gateways { get; set; } = [];
}
