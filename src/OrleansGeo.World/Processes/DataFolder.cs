using System.Text.Json;
using OrleansGeo.World.Outcomes;

namespace OrleansGeo.World.Processes;

/// <summary>The folder of a world: one store and one log per region. Locked while a world uses it.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream fileLock)
    {
        Path = path;
        _lock = fileLock;
    }

    public string Path { get; }

    /// <summary>Where the ready file is when no <c>--ready-file</c> says otherwise.</summary>
    public string DefaultReadyFile => System.IO.Path.Combine(Path, "ready.json");

    private string WorldFile => System.IO.Path.Combine(Path, "world.json");

    public string StoreOf(string region) => System.IO.Path.Combine(Path, $"{region}.db");

    public string EmulatorOf(string region) => System.IO.Path.Combine(Path, $"{region}.azurite");

    public string LogOf(string region) => System.IO.Path.Combine(Path, "logs", $"{region}.log");

    /// <exception cref="WorldException">The folder cannot be written, or another world uses it.</exception>
    public static DataFolder Open(string path)
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.Combine(path, "logs"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(path, exception);
        }

        var lockFile = System.IO.Path.Combine(path, "world.lock");
        try
        {
            return new(path, new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException exception)
        {
            throw CannotWrite(path, exception);
        }
        catch (IOException exception)
        {
            throw File.Exists(lockFile) ? InUse(path) : CannotWrite(path, exception);
        }
    }

    /// <summary>Keeps the settings of a new world that can never change, and refuses others for an old one.</summary>
    public void Claim(IReadOnlyList<string> regions)
    {
        try
        {
            if (!File.Exists(WorldFile))
            {
                AtomicFile.Write(WorldFile, JsonSerializer.SerializeToUtf8Bytes(regions));
            }
            else if (JsonSerializer.Deserialize<string[]>(File.ReadAllBytes(WorldFile)) is not { } kept || !kept.SequenceEqual(regions))
            {
                throw WorldException.Usage(
                    $"The data folder '{Path}' belongs to a world of other regions, {File.ReadAllText(WorldFile)} in this order: "
                    + "give --regions these names, or another folder with --data.");
            }
        }
        catch (JsonException)
        {
            throw WorldException.Usage($"'{WorldFile}' is damaged: restore it, or give another folder with --data.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(Path, exception);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static WorldException InUse(string path)
    {
        var owner = WorldRegistry.FindByData(path) is { } world ? $" (process {world.ProcessId})" : "";
        return WorldException.Usage($"The data folder '{path}' is in use by another world{owner}: stop that, or give another folder with --data.");
    }

    private static WorldException CannotWrite(string path, Exception exception) =>
        WorldException.Usage($"Cannot write to the data folder '{path}' ({exception.Message.TrimEnd('.')}): give another folder with --data.");
}
