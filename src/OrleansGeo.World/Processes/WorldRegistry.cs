using System.Diagnostics;
using System.Text.Json;
using OrleansGeo.World.Outcomes;

namespace OrleansGeo.World.Processes;

/// <summary>The worlds that run on this machine for this user: one file each, readable by the user only.</summary>
internal static class WorldRegistry
{
    /// <returns>What removes the note again.</returns>
    /// <exception cref="WorldException">The folder cannot be written.</exception>
    public static IDisposable Add(RunningWorld world)
    {
        var file = Path.Combine(UserFolders.RunningWorlds, $"{world.ProcessId}.json");
        try
        {
            Directory.CreateDirectory(UserFolders.RunningWorlds);
            AtomicFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(world), ownerOnly: true);
            return new Note(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw WorldException.Usage($"Cannot note the running world in '{file}' ({exception.Message.TrimEnd('.')}): set XDG_STATE_HOME to a folder that can be written.");
        }
    }

    /// <summary>The world that was started last and still runs.</summary>
    public static RunningWorld? FindLast() => All().MaxBy(static world => world.StartedAt);

    public static RunningWorld? FindByReadyFile(string path) =>
        All().Where(world => world.ReadyFiles.Contains(Path.GetFullPath(path))).MaxBy(static world => world.StartedAt);

    public static RunningWorld? FindByData(string path) => All().FirstOrDefault(world => world.Data == Path.GetFullPath(path));

    private static IEnumerable<RunningWorld> All()
    {
        if (!Directory.Exists(UserFolders.RunningWorlds))
        {
            return [];
        }

        return Directory.EnumerateFiles(UserFolders.RunningWorlds, "*.json").Select(TryRead).OfType<RunningWorld>();
    }

    /// <summary>Null, and the note is removed, when the world was killed and could not remove it itself.</summary>
    private static RunningWorld? TryRead(string file)
    {
        try
        {
            var world = JsonSerializer.Deserialize<RunningWorld>(File.ReadAllBytes(file));
            if (world is not null && IsRunning(world))
            {
                return world;
            }

            File.Delete(file);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private static bool IsRunning(RunningWorld world)
    {
        try
        {
            using var process = Process.GetProcessById(world.ProcessId);
            // A process id is used again: the world's process cannot be younger than its note.
            return process.StartTime.ToUniversalTime() <= world.StartedAt.UtcDateTime.AddSeconds(1);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private sealed class Note(string file) : IDisposable
    {
        public void Dispose()
        {
            try
            {
                File.Delete(file);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // A note of a process that has ended is ignored and removed by the next command.
            }
        }
    }
}
