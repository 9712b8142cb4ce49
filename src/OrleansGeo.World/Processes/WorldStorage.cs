using System.Collections.Immutable;
using OrleansGeo.World.Azurite;
using OrleansGeo.World.Hosting;
using OrleansGeo.World.Outcomes;

namespace OrleansGeo.World.Processes;

/// <summary>Where the regions of a world store; on Azure Tables, an emulator for each region that the environment names no account for.</summary>
internal sealed class WorldStorage : IAsyncDisposable
{
    private readonly List<AzuriteProcess> _emulators = [];

    private WorldStorage()
    {
    }

    /// <summary>In the order of the world's regions.</summary>
    public ImmutableArray<StoragePlace> Places { get; private set; }

    /// <summary>The connection string that the environment has for a region; null: none.</summary>
    public static string? AccountOf(string region) =>
        Environment.GetEnvironmentVariable($"ORLEANSGEO_STORAGE_{region.ToUpperInvariant().Replace('-', '_')}") is { Length: > 0 } account ? account : null;

    /// <exception cref="WorldException">An emulator cannot be installed or started.</exception>
    public static async Task<WorldStorage> StartAsync(WorldConfig config, DataFolder folder, Action<string> say, CancellationToken cancellationToken)
    {
        var storage = new WorldStorage();
        try
        {
            var install = config.Places.Any(static place => place.StoragePort is not null) ? await AzuriteInstall.EnsureAsync(say, cancellationToken) : "";
            storage.Places = [.. await Task.WhenAll(config.Places.Select(async place => config.Storage switch
            {
                StorageKind.Memory => new StoragePlace(config.Storage, null),
                StorageKind.Sqlite => new(config.Storage, folder.StoreOf(place.Region)),
                _ => new(config.Storage, place.StoragePort is { } port ? await storage.StartEmulatorAsync(install, folder, place.Region, port, cancellationToken) : AccountOf(place.Region)),
            }))];
            return storage;
        }
        catch
        {
            await storage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the emulators, which write what they have. The regions have stopped before.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_emulators.Select(static emulator => emulator.DisposeAsync().AsTask()));

    private async Task<string> StartEmulatorAsync(string install, DataFolder folder, string region, int port, CancellationToken cancellationToken)
    {
        var emulator = await AzuriteProcess.StartAsync(install, folder.EmulatorOf(region), port, folder.LogOf($"{region}.azurite"), cancellationToken);
        lock (_emulators)
        {
            _emulators.Add(emulator);
        }

        return emulator.ConnectionString;
    }
}
