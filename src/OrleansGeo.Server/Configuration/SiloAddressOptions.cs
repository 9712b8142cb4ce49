namespace OrleansGeo.Server.Configuration;

/// <summary>Where this silo is reached by the other silos of its region, by clients, and by other regions.</summary>
internal sealed class SiloAddressOptions
{
    /// <summary>The silo's name in logs and in the membership table. Default: the machine's name.</summary>
    public string? Name { get; set; }

    /// <summary>The IP address that the silo advertises: others reach it there. It listens on the loopback address only if this is one, else on all.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>For the region's other silos. 1 to 65535.</summary>
    public int Port { get; set; } = 11111;

    /// <summary>For clients and for the links of other regions. 1 to 65535.</summary>
    public int GatewayPort { get; set; } = 30000;
}
