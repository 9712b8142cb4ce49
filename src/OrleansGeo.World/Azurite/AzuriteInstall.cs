using System.ComponentModel;
using System.Diagnostics;
using System.IO.Hashing;
using OrleansGeo.World.Outcomes;
using OrleansGeo.World.Processes;

namespace OrleansGeo.World.Azurite;

/// <summary>The Azure Storage emulator, installed from npm once for this user, in the versions that the lock file beside this class pins.</summary>
internal static class AzuriteInstall
{
    /// <summary>The script that <see cref="AzuriteProcess"/> has the emulator load first.</summary>
    public const string StopWithParent = "stop-with-parent.js";

    private const string Manifest = "package.json";
    private const string LockFile = "package-lock.json";

    /// <summary>Why it cannot be installed here; null when it can.</summary>
    public static string? Missing { get; } = Array.Find(["node", "npm"], static program => !IsOnPath(program)) is { } program
        ? $"{program}, which the Azure Storage emulator needs, is not on the PATH: install Node.js 20."
        : null;

    /// <summary>The emulator's folder. Installs it first if no process of this user has done so; then <paramref name="say"/> is told.</summary>
    /// <exception cref="WorldException">It cannot be installed.</exception>
    public static async Task<string> EnsureAsync(Action<string> say, CancellationToken cancellationToken)
    {
        if (Missing is { } missing)
        {
            throw WorldException.Usage(missing);
        }

        var lockFile = Read(LockFile);
        var folder = Path.Combine(UserFolders.Tools, $"azurite-{XxHash3.HashToUInt64(lockFile):x16}");
        var done = Path.Combine(folder, "installed");
        Directory.CreateDirectory(folder);
        await using var turn = await TakeTurnAsync(Path.Combine(folder, "lock"), cancellationToken);
        if (!File.Exists(done))
        {
            say($"Installing the Azure Storage emulator from npm into '{folder}': once, about a minute.");
            foreach (var name in (string[])[Manifest, LockFile, StopWithParent])
            {
                await File.WriteAllBytesAsync(Path.Combine(folder, name), Read(name), cancellationToken);
            }

            await RunNpmAsync(folder, cancellationToken);
            await File.WriteAllBytesAsync(done, [], cancellationToken);
        }

        return folder;
    }

    private static byte[] Read(string name)
    {
        using var resource = typeof(AzuriteInstall).Assembly.GetManifestResourceStream($"azurite/{name}")!;
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Waits while another process of this user installs.</summary>
    private static async Task<FileStream> TakeTurnAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);
            }
        }
    }

    private static async Task RunNpmAsync(string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var npm = Process.Start(start)!;
            var output = npm.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = npm.StandardError.ReadToEndAsync(cancellationToken);
            await npm.WaitForExitAsync(cancellationToken);
            if (npm.ExitCode != 0)
            {
                throw WorldException.Failure(
                    $"npm could not install the Azure Storage emulator in '{folder}' (exit code {npm.ExitCode}): {(await errors).Trim()} {(await output).Trim()}");
            }
        }
        catch (Win32Exception exception)
        {
            throw WorldException.Failure($"npm cannot be started ({exception.Message}): install Node.js 20.");
        }
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
