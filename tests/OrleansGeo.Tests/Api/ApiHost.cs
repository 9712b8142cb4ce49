using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;
using OrleansGeo.Api;
using OrleansGeo.Operations;
using OrleansGeo.Runtime.Loops;

namespace OrleansGeo.Tests.Api;

/// <summary>The web API on a real server and a real silo; only the router, the world and the storage are stand-ins.</summary>
public sealed class ApiHost : IAsyncLifetime
{
    private readonly WebApplication _app;

    public ApiHost()
        : this(Environments.Production)
    {
    }

    internal ApiHost(string environment)
    {
        Storage = new();
        Router = new(Storage);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders().AddProvider(Logs);
        builder.Services.AddSingleton<IStartupFilter>(Ends);
        builder.Services.AddSingleton<IGeoWorld>(World);
        builder.Services.AddSingleton<IGeoAdmin>(Admin);
        builder.Services.AddSingleton<IBackgroundHealth>(Background);
        builder.Services.AddGeoApi();
        builder.Host.UseOrleans(ConfigureSilo);
        _app = builder.Build();
        _app.MapGeoApi();
        _app.MapTestEndpoints();
    }

    internal VersionedStorage Storage { get; }

    internal FakeRouter Router { get; }

    internal FakeWorld World { get; } = new();

    internal FakeAdmin Admin { get; } = new();

    internal FakeBackground Background { get; } = new();

    internal LogRecorder Logs { get; } = new();

    internal RequestEnds Ends { get; } = new();

    public HttpClient Client { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    public async Task InitializeAsync()
    {
        await _app.StartAsync();
        Client = new() { BaseAddress = new(_app.Urls.Single()) };
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private void ConfigureSilo(ISiloBuilder silo)
    {
        silo.UseLocalhostClustering(FreePort(), FreePort(), null, "api-tests", "api-tests");
        silo.AddOutgoingGrainCallFilter(Router);
        silo.Services.AddKeyedSingleton<IGrainStorage>("geo", Storage);
        silo.Services.AddKeyedSingleton<PlacementStrategy>(GeoGrainProperties.Placement, new RandomPlacement());
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
