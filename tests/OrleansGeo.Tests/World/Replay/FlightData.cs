using System.Diagnostics;
using OrleansGeo.World.Replay;

namespace OrleansGeo.Tests.World.Replay;

/// <summary>The real flights and airports, from the pinned npm package. Fetched once into the folder of the test binaries.</summary>
internal static class FlightData
{
    private static readonly SemaphoreSlim Fetching = new(1, 1);

    /// <summary>Why the data cannot be had here; null when it can.</summary>
    public static string? Missing { get; } = FindNpm() is null
        ? $"npm, which fetches the flights ({DataFile.Package}), is not on the PATH: install Node.js 20."
        : null;

    /// <summary>A folder with <c>flights-20k.json</c> and <c>airports.csv</c>.</summary>
    public static async Task<string> FetchAsync()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "flight-data");
        var data = Path.Combine(folder, "package", "data");
        await Fetching.WaitAsync();
        try
        {
            if (!File.Exists(Path.Combine(data, "flights-20k.json")))
            {
                Directory.CreateDirectory(folder);
                await RunAsync(folder, "npm", "pack", DataFile.Package, "--silent");
                var archive = Directory.GetFiles(folder, "*.tgz").Single();
                await RunAsync(folder, "tar", "xzf", archive, "package/data/airports.csv", "package/data/flights-20k.json");
                File.Delete(archive);
            }

            return data;
        }
        finally
        {
            Fetching.Release();
        }
    }

    private static string? FindNpm() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(static folder => Path.Combine(folder, "npm"))
        .FirstOrDefault(File.Exists);

    private static async Task RunAsync(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}{await output}");
    }
}
