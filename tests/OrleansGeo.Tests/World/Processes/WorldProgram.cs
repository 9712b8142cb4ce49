using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OrleansGeo.World.Hosting;

namespace OrleansGeo.Tests.World.Processes;

/// <summary>The built world as a process of its own, with its own state folder. Killed at the latest when disposed.</summary>
internal sealed class WorldProgram : IAsyncDisposable
{
    /// <summary>Only bounds a test that fails.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    private static int _nextPort = 20_100 + (Environment.ProcessId % 50 * 100);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly SemaphoreSlim _said = new(0);
    private readonly Task _pumps;

    private WorldProgram(Process process)
    {
        _process = process;
        _pumps = Task.WhenAll(PumpAsync(process.StandardOutput, _output), PumpAsync(process.StandardError, _errors));
    }

    public int ProcessId => _process.Id;

    public string Output => string.Join('\n', _output);

    public string Errors => string.Join('\n', _errors);

    /// <param name="stateFolder">Where worlds are noted, so that tests do not meet the worlds of the person who runs them.</param>
    /// <param name="arguments">Of the program.</param>
    public static WorldProgram Start(string stateFolder, params string[] arguments)
    {
        // Whoever started the tests may ignore interrupts, and children inherit that.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet"]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(typeof(RegionHost).Assembly.Location);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["XDG_STATE_HOME"] = stateFolder;
        return new(Process.Start(start)!);
    }

    /// <summary>Three regions on ports that are free.</summary>
    public static string FreeRegions()
    {
        var ports = new List<int>();
        while (ports.Count < 3)
        {
            var port = Interlocked.Increment(ref _nextPort);
            var place = RegionPlace.Create("a", port, 1);
            if (new[] { port, place.SiloPorts[0], place.GatewayPorts[0] }.All(IsFree))
            {
                ports.Add(port);
            }
        }

        return $"westeurope={ports[0]},eastus2={ports[1]},southeastasia={ports[2]}";
    }

    public void CloseInput() => _process.StandardInput.Close();

    public async Task WaitForOutputAsync(string text)
    {
        var waited = Stopwatch.StartNew();
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            var left = Patience - waited.Elapsed;
            if (_process.HasExited || left <= TimeSpan.Zero || !await _said.WaitAsync(left))
            {
                await Task.WhenAny(_pumps, Task.Delay(TimeSpan.FromSeconds(1)));
                Assert.Contains(text, $"{Output}\n{Errors}", StringComparison.Ordinal);
            }
        }
    }

    public async Task<int> WaitForExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        await _pumps;
        return _process.ExitCode;
    }

    public Task SignalAsync(string signal) => SignalAsync(ProcessId, signal);

    public static async Task SignalAsync(int processId, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{processId}"]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Completes when that process, somebody else's child, is gone.</summary>
    public static async Task WaitUntilGoneAsync(int processId)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            using var process = Process.GetProcessById(processId);
            await process.WaitForExitAsync(patience.Token);
        }
        catch (ArgumentException)
        {
            // It is gone already.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _said.Dispose();
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task PumpAsync(StreamReader reader, ConcurrentQueue<string> lines)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lines.Enqueue(line);
            _said.Release();
        }

        _said.Release();
    }
}
