using System.Diagnostics;
using System.Globalization;
using OrleansGeo.World.Outcomes;
using OrleansGeo.World.Processes;

namespace OrleansGeo.World.Azurite;

/// <summary>One region's Azure Table emulator: a process of its own, which ends with this one however this one ends.</summary>
/// <remarks>It is durable only when it is stopped in order (the emulator writes its file every few seconds): a killed emulator may have lost what it acknowledged.</remarks>
internal sealed class AzuriteProcess : IAsyncDisposable
{
    private const string Account = "devstoreaccount1";

    /// <summary>Published: the emulator has no other account, and listens on the loopback address only.</summary>
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly BoundedLog _log;
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _pumps;

    private AzuriteProcess(int port, Process process, BoundedLog log)
    {
        ConnectionString = $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={AccountKey};TableEndpoint=http://127.0.0.1:{port}/{Account};";
        _process = process;
        _log = log;
        _pumps = Task.WhenAll(PumpAsync(process.StandardOutput), PumpAsync(process.StandardError));
    }

    public string ConnectionString { get; }

    public int ProcessId => _process.Id;

    /// <summary>Starts an emulator on <paramref name="port"/> of the loopback address, and waits until it answers.</summary>
    /// <exception cref="WorldException">It did not start: the message has what it said.</exception>
    public static async Task<AzuriteProcess> StartAsync(string installFolder, string dataFolder, int port, string logFile, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(dataFolder);
        var start = new ProcessStartInfo("node",
        [
            "--require", Path.Combine(installFolder, AzuriteInstall.StopWithParent),
            Path.Combine(installFolder, "node_modules", "azurite", "dist", "src", "table", "main.js"),
            "--silent", "--disableTelemetry", "--skipApiVersionCheck", "--tableHost", "127.0.0.1",
            "--tablePort", port.ToString(CultureInfo.InvariantCulture), "--location", dataFolder,
        ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var emulator = new AzuriteProcess(port, Process.Start(start)!, new BoundedLog(logFile));
        try
        {
            // A process that ends has ended its output, too.
            await Task.WhenAny(emulator._started.Task, emulator._pumps).WaitAsync(StartTimeout, cancellationToken);
            if (emulator._started.Task.IsCompleted)
            {
                return emulator;
            }
        }
        catch (TimeoutException)
        {
            // Reported below, with what it said.
        }

        var said = string.Join(' ', emulator._log.Tail);
        await emulator.DisposeAsync();
        throw WorldException.Failure($"The Azure Table emulator on port {port} did not start: {said} (Its log: {logFile})");
    }

    /// <summary>Stops it in order: it writes what it has.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already.
        }

        await _process.WaitForExitAsync();
        await _pumps;
        _log.Dispose();
        _process.Dispose();
    }

    private async Task PumpAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            _log.WriteLine(line);
            if (line.Contains("successfully started", StringComparison.Ordinal))
            {
                _started.TrySetResult();
            }
        }
    }
}
