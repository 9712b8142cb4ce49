using System.Diagnostics;
using System.Text;
using OrleansGeo.Server.Hosting;
using OrleansGeo.Tests.World.Processes;

namespace OrleansGeo.Tests.Server;

/// <summary>The built server as a process of its own, configured by its environment. Killed at the latest when disposed.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>Only bounds a test that fails.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly StringBuilder _output = new();
    private readonly Action<string>? _heard;
    private readonly Task _pump;

    private ServerProcess(Process process, Action<string>? heard)
    {
        (_process, _heard) = (process, heard);
        _errors = process.StandardError.ReadToEndAsync();
        _pump = PumpAsync();
    }

    public bool HasExited => _process.HasExited;

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <param name="settings">Its options.</param>
    /// <param name="heard">Is told each line of its output as it comes.</param>
    public static ServerProcess Start(IEnumerable<KeyValuePair<string, string?>> settings, Action<string>? heard = null)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ServerHost).Assembly.Location]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        // Several on a small machine: one heap each.
        start.Environment["DOTNET_gcServer"] = "0";
        return new(Process.Start(start)!, heard);
    }

    public Task SignalAsync(string signal) => WorldProgram.SignalAsync(_process.Id, signal);

    /// <summary>Its exit code and what it said on standard error.</summary>
    public async Task<(int Code, string Errors)> WaitForExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        await _pump;
        return (_process.ExitCode, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        await _pump;
        _process.Dispose();
    }

    private async Task PumpAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_output)
            {
                _output.AppendLine(line);
            }

            _heard?.Invoke(line);
        }
    }
}
