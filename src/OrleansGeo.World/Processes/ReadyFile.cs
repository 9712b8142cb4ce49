using System.Collections.Immutable;
using System.Text.Json;
using OrleansGeo.World.Outcomes;

namespace OrleansGeo.World.Processes;

/// <summary>The file that says that every region serves, and where: <c>[{"region","pid","url"}]</c> in the world's order.</summary>
internal static class ReadyFile
{
    /// <summary>Before the start: a file left by an earlier world would say that this one serves.</summary>
    /// <exception cref="WorldException">The file cannot be written there.</exception>
    public static void Prepare(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                throw WorldException.Usage($"The ready file '{path}' is a folder: give --ready-file the name of a file.");
            }

            AtomicFile.Write(path, "[]"u8);
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw WorldException.Usage($"Cannot write the ready file '{path}' ({exception.Message.TrimEnd('.')}): give --ready-file a file in a folder that exists.");
        }
    }

    public static void Write(string path, IEnumerable<ReadyRegion> regions) => AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(regions));

    /// <exception cref="WorldException">There is no such file, or it is no ready file.</exception>
    public static ImmutableArray<ReadyRegion> Read(string path)
    {
        try
        {
            var regions = JsonSerializer.Deserialize<ImmutableArray<ReadyRegion>>(File.ReadAllBytes(path));
            return !regions.IsDefaultOrEmpty && regions.All(static region => Uri.IsWellFormedUriString(region.Url, UriKind.Absolute))
                ? regions
                : throw new JsonException("It names no region.");
        }
        catch (JsonException exception)
        {
            throw WorldException.Usage($"'{path}' is not the ready file of a world ({exception.Message}): give --world the file that 'run --ready-file' wrote.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw WorldException.Usage($"Cannot read the ready file '{path}' ({exception.Message.TrimEnd('.')}): is the world running? Start it with 'run'.");
        }
    }
}
