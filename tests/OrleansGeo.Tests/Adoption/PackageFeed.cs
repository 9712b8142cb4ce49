using System.Diagnostics;
using System.Reflection;
using System.Text;

namespace OrleansGeo.Tests.Adoption;

/// <summary>A folder outside of the repository with every package, as a user would have it: nothing in it can see the sources.</summary>
public sealed class PackageFeed : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("orleansgeo-user-").FullName;

    public static string SourceRoot { get; } = typeof(PackageFeed).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static data => data.Key == "SourceRoot").Value!;

    public IEnumerable<string> Packages => Directory.EnumerateFiles(Feed, "*.nupkg").Order(StringComparer.Ordinal);

    /// <summary>What packing said: nothing to warn of.</summary>
    public string Output { get; private set; } = "";

    private string Feed => Path.Combine(_root, "feed");

    public async Task InitializeAsync()
    {
        var (code, output) = await RunAsync("dotnet", ["pack", "OrleansGeo.sln", "-c", "Debug", "-o", Feed, "--nologo", "-v", "q"], SourceRoot);
        Assert.True(code == 0, output);
        Output = output;

        // What others publish comes from the machine's cache. Ours must not: a version that was built twice is not the same.
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await File.WriteAllTextAsync(Path.Combine(_root, "nuget.config"), $"""
            <configuration>
              <packageSources><add key="orleansgeo" value="{Feed}" /></packageSources>
              <config><add key="globalPackagesFolder" value="{Path.Combine(_root, "packages")}" /></config>
              <fallbackPackageFolders><add key="cache" value="{cache}" /></fallbackPackageFolders>
            </configuration>
            """);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>An empty folder for one user.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(_root, name)).FullName;

    /// <summary>Runs a command to its end, or kills it with all that it started when it takes too long.</summary>
    public static async Task<(int Code, string Output)> RunAsync(string program, string[] arguments, string folder, string? home = null)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        if (home is not null)
        {
            // Templates are installed there.
            start.Environment["DOTNET_CLI_HOME"] = home;
        }

        // The test host's own choices of an SDK are not the user's.
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase) && name != "MSBUILDDISABLENODEREUSE").ToList())
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!;
        var output = new StringBuilder();
        void Keep(object sender, DataReceivedEventArgs data)
        {
            lock (output)
            {
                output.AppendLine(data.Data);
            }
        }

        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(7));
        var inTime = true;
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            inTime = false;
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        lock (output)
        {
            return (inTime ? process.ExitCode : -1, $"{(inTime ? "" : "It took too long, and was killed.\n")}{output}");
        }
    }
}
