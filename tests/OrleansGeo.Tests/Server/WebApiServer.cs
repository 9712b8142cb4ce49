using System.Globalization;
using System.Net;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Server;

/// <summary>A world of one region, whose server has low limits.</summary>
public sealed class WebApiServer : IAsyncLifetime, IDisposable
{
    internal const string Region = "westeurope";
    internal const int Burst = 100;
    internal const int MaxDocumentBytes = 2048;

    private RunningServer _server = null!;

    internal ServerWorld World { get; } = new(Region);

    internal IServiceProvider Services => _server.Services;

    public async Task InitializeAsync()
    {
        var settings = World.SettingsOf(Region);
        settings["Geo:Http:Burst"] = Burst.ToString(CultureInfo.InvariantCulture);
        settings["Geo:Http:RequestsPerSecond"] = "20";
        settings["Geo:Http:HeadersTimeout"] = "00:00:01";
        settings["Geo:Http:SlowGrace"] = "00:00:01.1";
        settings["Geo:Http:MinBytesPerSecond"] = "1000";
        settings["Geo:Api:MaxDocumentBytes"] = MaxDocumentBytes.ToString(CultureInfo.InvariantCulture);
        settings["Geo:Shards:Hash"] = "4";
        _server = await RunningServer.StartAsync(settings);
        using var http = World.Client(Region);
        await Wait.UntilAsync("the server is ready", async () => (await http.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => World.Dispose();
}
