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

/// <summary>Everything that can be configured: section <c>Geo</c> of appsettings.json, of the environment (<c>Geo__Region</c>) or of the command line.</summary>
/// <remarks>What may stand in it is what the properties here are: <see cref="OptionCatalog"/> reads them.</remarks>
internal sealed class ServerOptions
{
    public const string Section = "Geo";

    /// <summary>The region of this process. Required.</summary>
    public string Region { get; set; } = "";

    /// <summary>Every region of the world, in the same order everywhere. Required.</summary>
    public List<string> Regions { get; set; } = [];

    /// <summary>The world's name: Orleans' <c>ServiceId</c>, the same in every region.</summary>
    public string ServiceId { get; set; } = "orleansgeo";

    /// <summary>The other regions and the gateways of their silos. Required for every region but this one.</summary>
    public List<ServerPeerOptions> Peers { get; set; } = [];

    /// <summary><see cref="GeoOptions.Priority"/>: active-passive.</summary>
    public List<string> Priority { get; set; } = [];

    /// <summary><see cref="GeoOptions.Witnesses"/>: regions that are never home.</summary>
    public List<string> Witnesses { get; set; } = [];

    /// <summary><see cref="GeoOptions.ProbeInterval"/>.</summary>
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Where this silo is reached.</summary>
    public SiloAddressOptions Silo { get; set; } = new();

    /// <summary>Where the web API listens, and what it takes from its callers.</summary>
    public HttpOptions Http { get; set; } = new();

    /// <summary>The region's store.</summary>
    public StorageOptions Storage { get; set; } = new();

    /// <summary>How the silos of the region find each other.</summary>
    public MembershipOptions Membership { get; set; } = new();

    /// <summary>Fixed when the world is created.</summary>
    public ShardCountOptions Shards { get; set; } = new();

    public FailoverOptions Failover { get; set; } = new();

    public FollowOptions Follow { get; set; } = new();

    public GeoLimits Limits { get; set; } = new();

    public RegionLinkOptions Links { get; set; } = new();

    public GeoApiOptions Api { get; set; } = new();

    /// <summary>Certificates of every Orleans connection.</summary>
    public TlsOptions Tls { get; set; } = new();

    /// <summary>Who may call the web API.</summary>
    public AuthOptions Auth { get; set; } = new();

    public ServerShutdownOptions Shutdown { get; set; } = new();

    public TelemetryOptions Telemetry { get; set; } = new();
}
