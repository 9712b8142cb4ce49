using System.Collections.Immutable;
using OrleansGeo.World.Hosting;
using OrleansGeo.World.Outcomes;

namespace OrleansGeo.World.Processes;

/// <summary>A world from its start to its stop: lock, ports, regions, ready files, control channel.</summary>
internal sealed class RunningWorldHost : IAsyncDisposable
{
    /// <summary>A region that has not stopped after this long is killed.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    private readonly List<IDisposable> _held = [];
    private readonly Lock _readyFileGate = new();
    private readonly ImmutableArray<string> _readyFiles;
    private readonly WorldStorage _storage;
    private ControlServer? _control;

    private RunningWorldHost(WorldConfig config, DataFolder folder, WorldStorage storage, TimeProvider time)
    {
        _storage = storage;
        _held.Add(folder);
        _readyFiles = config.ReadyFile is null ? [folder.DefaultReadyFile] : [config.ReadyFile, folder.DefaultReadyFile];
        Regions = [.. config.Places.Zip(storage.Places, (place, store) => new RegionConfig(place.Region, config.Places, store, config.Wan, config.Priority))];
        Supervisor = new(
            Regions,
            config.InProcess
                ? RegionInProcess.StartAsync
                : (region, _) => Task.FromResult<IRegionUnit>(RegionProcess.Start(region, folder.LogOf(region.Region), time, StopTimeout)),
            time);
    }

    public ImmutableArray<RegionConfig> Regions { get; }

    public WorldSupervisor Supervisor { get; }

    /// <summary>Returns once every region serves and the ready files say so.</summary>
    /// <exception cref="WorldException">In one line, what is in the way and what to do.</exception>
    public static async Task<RunningWorldHost> StartAsync(WorldConfig config, TimeProvider time, Action<string> say, CancellationToken cancellationToken)
    {
        var folder = DataFolder.Open(config.Data);
        WorldStorage storage;
        try
        {
            if (config.Storage != StorageKind.Memory)
            {
                folder.Claim([.. config.Places.Select(static place => place.Region)]);
            }

            PortCheck.EnsureFree(config.Places);
            storage = await WorldStorage.StartAsync(config, folder, say, cancellationToken);
        }
        catch
        {
            folder.Dispose();
            throw;
        }

        var world = new RunningWorldHost(config, folder, storage, time);
        try
        {
            foreach (var file in world._readyFiles)
            {
                ReadyFile.Prepare(file);
            }

            await world.Supervisor.StartAllAsync(cancellationToken);
            world._control = await ControlServer.StartAsync(world.StartRegionAsync, cancellationToken);
            world._held.Add(WorldRegistry.Add(new(
                Environment.ProcessId, time.GetUtcNow(), folder.Path, world._readyFiles, world._control.Url, world._control.Key)));
            world.WriteReadyFiles();
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops everything, then takes back what says that the world runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_control is not null)
        {
            await _control.DisposeAsync();
        }

        await Supervisor.DisposeAsync();
        await _storage.DisposeAsync();
        foreach (var file in _readyFiles)
        {
            File.Delete(file);
        }

        foreach (var held in Enumerable.Reverse(_held))
        {
            held.Dispose();
        }
    }

    private async Task<string> StartRegionAsync(string region, CancellationToken cancellationToken)
    {
        var started = await Supervisor.StartAgainAsync(region, cancellationToken);
        WriteReadyFiles();
        var now = Supervisor.Regions.Single(ready => ready.Region == region);
        return started
            ? $"{region} serves again at {now.Url} (process {now.ProcessId})."
            : $"{region} serves already at {now.Url} (process {now.ProcessId}): nothing to do.";
    }

    private void WriteReadyFiles()
    {
        lock (_readyFileGate)
        {
            foreach (var file in _readyFiles)
            {
                ReadyFile.Write(file, Supervisor.Regions);
            }
        }
    }
}
