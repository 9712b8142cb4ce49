using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace OrleansGeo.Tests.Infra;

/// <summary>The compiler of infra/, which comes from NuGet with the build.</summary>
internal static class Bicep
{
    private static readonly string Program = Metadata("BicepPath");

    /// <summary>Where the repository is.</summary>
    public static string Root { get; } = Metadata("SourceRoot");

    /// <summary>Why it cannot run here; null: it can.</summary>
    public static string? Missing { get; } =
        !OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture is not System.Runtime.InteropServices.Architecture.X64
            ? $"Bicep's compiler comes from NuGet for linux-x64 only; this is {RuntimeInformation.RuntimeIdentifier}."
            : File.Exists(Program) ? null : $"Bicep's compiler is not at '{Program}': restore packages, then build again.";

    /// <summary>Runs it to its end. What it wrote, on either stream: nothing when it had nothing to say, and its exit code when that is not 0.</summary>
    public static async Task<string> RunAsync(string folder, params string[] arguments)
    {
        using var process = new Process
        {
            StartInfo = new(Program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        process.Start();
        var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        var said = string.Concat(texts).Trim();
        return process.ExitCode == 0 ? said : $"exit code {process.ExitCode}: {said}";
    }

    private static string Metadata(string key) =>
        typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;
}
