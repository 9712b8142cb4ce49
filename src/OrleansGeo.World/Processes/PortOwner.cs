using System.Globalization;

namespace OrleansGeo.World.Processes;

/// <summary>Finds who listens on a port, where the system tells (Linux, processes of the same user).</summary>
internal static class PortOwner
{
    private const string Listening = "0A";

    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <returns><c>process 4711 (dotnet OrleansGeo.World.dll)</c>, or null when it cannot be found.</returns>
    public static string? Find(int port)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var sockets = SocketsOn(port).ToHashSet();
        return sockets.Count == 0 ? null : Directory.EnumerateDirectories("/proc")
            .Where(static folder => int.TryParse(Path.GetFileName(folder), out _))
            .Where(folder => Holds(folder, sockets))
            .Select(Describe)
            .FirstOrDefault();
    }

    /// <summary>The links, as they stand in <c>/proc/N/fd</c>, of the sockets that listen on the port.</summary>
    private static IEnumerable<string> SocketsOn(int port)
    {
        foreach (var table in Tables.Where(File.Exists))
        {
            foreach (var line in File.ReadLines(table).Skip(1))
            {
                // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                var local = fields[1].AsSpan(fields[1].LastIndexOf(':') + 1);
                if (fields[3] == Listening && int.Parse(local, NumberStyles.HexNumber, CultureInfo.InvariantCulture) == port)
                {
                    yield return $"socket:[{fields[9]}]";
                }
            }
        }
    }

    private static bool Holds(string processFolder, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFiles(Path.Combine(processFolder, "fd"))
                .Any(file => new FileInfo(file).LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // Another user's process, or one that has just ended.
        }
    }

    private static string Describe(string processFolder)
    {
        const int longest = 60;
        try
        {
            var command = File.ReadAllText(Path.Combine(processFolder, "cmdline")).Replace('\0', ' ').Trim();
            command = command.Length <= longest ? command : string.Concat(command.AsSpan(0, longest), "…");
            return $"process {Path.GetFileName(processFolder)} ({command})";
        }
        catch (IOException)
        {
            return $"process {Path.GetFileName(processFolder)}";
        }
    }
}
