using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OrleansGeo.Tests.Storage;

namespace OrleansGeo.Tests.Server;

/// <summary>What servers of a world need on this machine: free ports, a folder, certificates, tokens.</summary>
internal sealed class ServerWorld : IDisposable
{
    private readonly string[] _regions;
    private readonly Dictionary<string, (int Http, int Silo, int Gateway)[]> _ports = [];

    public ServerWorld(params string[] regions)
        : this(1, regions)
    {
    }

    /// <param name="silos">Of each region.</param>
    /// <param name="regions">Their names.</param>
    public ServerWorld(int silos, params string[] regions)
    {
        _regions = regions;
        var free = FreePorts(regions.Length * silos * 3);
        foreach (var region in regions)
        {
            _ports[region] = [.. Enumerable.Range(0, silos).Select(_ => (free.Dequeue(), free.Dequeue(), free.Dequeue()))];
            Authority.Write(Folder.Path, region);
        }

        Tokens.WriteKeys(Folder.File("keys.json"));
    }

    public TempFolder Folder { get; } = new();

    public TestAuthority Authority { get; } = new("the world's CA");

    public TestTokens Tokens { get; } = new();

    public Uri Url(string region, int silo = 0) => new($"http://127.0.0.1:{_ports[region][silo].Http}");

    public IPEndPoint Gateway(string region) => new(IPAddress.Loopback, _ports[region][0].Gateway);

    public IPEndPoint Silo(string region) => new(IPAddress.Loopback, _ports[region][0].Silo);

    public HttpClient Client(string region, string? token = null, int silo = 0)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Url(region, silo), Timeout = TimeSpan.FromSeconds(40) };
        if (token is not null)
        {
            http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        }

        return http;
    }

    /// <summary>The options of a region's server, with everything that a server on a network has.</summary>
    public Dictionary<string, string?> SettingsOf(string region, int silo = 0)
    {
        var ports = _ports[region][silo];
        var settings = new Dictionary<string, string?>
        {
            ["Geo:Region"] = region,
            ["Geo:Http:Port"] = Text(ports.Http),
            ["Geo:Silo:Port"] = Text(ports.Silo),
            ["Geo:Silo:GatewayPort"] = Text(ports.Gateway),
            ["Geo:Storage:Sqlite:Path"] = Folder.File($"{region}.db"),
            ["Geo:Tls:CertificateFile"] = Folder.File($"{region}.pem"),
            ["Geo:Tls:KeyFile"] = Folder.File($"{region}.key.pem"),
            ["Geo:Tls:CaFile"] = Folder.File($"{region}.ca.pem"),
            ["Geo:Auth:KeysFile"] = Folder.File("keys.json"),
            ["Geo:Auth:Issuer"] = TestTokens.Issuer,
            ["Geo:Auth:Audience"] = TestTokens.Audience,
        };
        foreach (var (name, index) in _regions.Select(static (name, index) => (name, index)))
        {
            settings[$"Geo:Regions:{index}"] = name;
            if (name != region)
            {
                settings[$"Geo:Peers:{index}:Name"] = name;
                for (var other = 0; other < _ports[name].Length; other++)
                {
                    settings[$"Geo:Peers:{index}:Gateways:{other}"] = new IPEndPoint(IPAddress.Loopback, _ports[name][other].Gateway).ToString();
                }
            }
        }

        return settings;
    }

    public void Dispose()
    {
        Tokens.Dispose();
        Authority.Dispose();
        Folder.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Queue<int> FreePorts(int count)
    {
        // All held at once, so that they differ from each other.
        var listeners = Enumerable.Range(0, count).Select(static _ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners)
        {
            listener.Start();
        }

        var ports = new Queue<int>(listeners.Select(static listener => ((IPEndPoint)listener.LocalEndpoint).Port));
        foreach (var listener in listeners)
        {
            listener.Dispose();
        }

        return ports;
    }
}
