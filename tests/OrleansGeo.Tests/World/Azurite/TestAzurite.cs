using System.Net;
using System.Net.Sockets;
using OrleansGeo.Tests.Storage;
using OrleansGeo.World.Azurite;

namespace OrleansGeo.Tests.World.Azurite;

/// <summary>A real Azure Table emulator for the tests of a class (<see cref="IClassFixture{TFixture}"/>), empty at first.</summary>
public sealed class TestAzurite : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private AzuriteProcess? _process;

    public string ConnectionString => _process!.ConnectionString;

    public int ProcessId => _process!.ProcessId;

    public async Task InitializeAsync()
    {
        var install = await AzuriteInstall.EnsureAsync(Console.WriteLine, CancellationToken.None);
        _process = await AzuriteProcess.StartAsync(install, Path.Combine(_folder.Path, "data"), FreePort(), Path.Combine(_folder.Path, "log"), CancellationToken.None);
    }

    /// <summary>Stops it in order and starts it again, perhaps on another port.</summary>
    public async Task RestartAsync()
    {
        await _process!.DisposeAsync();
        await InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
