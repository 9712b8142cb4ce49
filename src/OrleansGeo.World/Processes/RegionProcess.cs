using System.Diagnostics;
using System.Text.Json;
using OrleansGeo.World.Hosting;
using OrleansGeo.World.Outcomes;

namespace OrleansGeo.World.Processes;

/// <summary>A region as a process of its own: this same program with the command <c>region</c>.</summary>
/// <remarks>
/// The child's standard input carries its configuration and then stays open: its end tells the child to stop, and the system ends it
/// when this process dies, however it dies. So no region survives its world.
/// </remarks>
internal sealed class RegionProcess : IRegionUnit
{
    private const int SignalBase = 128;
    private const int SigKill = 9;
    private const int LongestLine = 300;

    private readonly Process _process;
    private readonly BoundedLog _log;
    private readonly TimeProvider _time;
    private readonly TimeSpan _stopTimeout;
    private readonly Task _pumps;

    private RegionProcess(RegionConfig config, Process process, BoundedLog log, TimeProvider time, TimeSpan stopTimeout)
    {
        Config = config;
        _process = process;
        _log = log;
        _time = time;
        _stopTimeout = stopTimeout;
        _pumps = Task.WhenAll(PumpAsync(process.StandardOutput), PumpAsync(process.StandardError));
        Ended = WatchAsync();
    }

    public RegionConfig Config { get; }

    public int ProcessId => _process.Id;

    public Task<string> Ended { get; }

    /// <summary>A region that gives up says why in its last line; one that is ended or stuck does not, so then all that is left is shown.</summary>
    public string LastWords
    {
        get
        {
            var tail = _log.Tail;
            var gaveUp = Ended.IsCompletedSuccessfully && _process.ExitCode is ExitCodes.Failure or ExitCodes.Usage;
            var words = tail.Count == 0 ? "" : gaveUp ? tail[^1] : string.Join(Environment.NewLine, tail.Select(Shorten).Prepend("It said last:"));
            return $"{words} (Its log: {_log.Path})";
        }
    }

    public static RegionProcess Start(RegionConfig config, string logFile, TimeProvider time, TimeSpan stopTimeout)
    {
        var log = new BoundedLog(logFile);
        var process = new Process { StartInfo = SelfCommand.Create("region", config.Region) };
        try
        {
            process.Start();
            process.StandardInput.WriteLine(JsonSerializer.Serialize(config));
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // The child ended before it read this: that is reported as its end, with what it said.
        }

        return new(config, process, log, time, stopTimeout);
    }

    /// <summary>Asks the region to stop, waits as long as allowed, then kills it.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The child is gone already.
        }

        try
        {
            await Ended.WaitAsync(_stopTimeout, _time);
        }
        catch (TimeoutException)
        {
            _process.Kill();
            await Ended;
        }

        _log.Dispose();
        _process.Dispose();
    }

    private static string Shorten(string line) => line.Length <= LongestLine ? line : string.Concat(line.AsSpan(0, LongestLine), "…");

    private async Task<string> WatchAsync()
    {
        await _process.WaitForExitAsync();
        await _pumps;
        return _process.ExitCode switch
        {
            SignalBase + SigKill => "killed",
            > SignalBase => $"ended by signal {_process.ExitCode - SignalBase}",
            _ => $"ended with exit code {_process.ExitCode}",
        };
    }

    private async Task PumpAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            _log.WriteLine(line);
        }
    }
}
