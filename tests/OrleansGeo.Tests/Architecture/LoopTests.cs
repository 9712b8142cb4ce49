using System.Reflection;
using System.Text.RegularExpressions;

namespace OrleansGeo.Tests.Architecture;

/// <summary>Work that goes on in the background is one mechanism. What is older, or is something else, is counted here, and may only become less.</summary>
public sealed partial class LoopTests
{
    /// <summary>By file, how many signs of a loop it has, and what they are.</summary>
    private static readonly Dictionary<string, (int Signs, string Because)> Known = new()
    {
        ["OrleansGeo.Runtime/Shards/SeatRunner.cs"] = (2, "the seat's loop, whose failure ends the activation: another one begins from the store"),
        ["OrleansGeo.Runtime/Shards/HomeShard.cs"] = (1, "the append loop, whose failure closes the shard: it must not go on"),
        ["OrleansGeo.Runtime/Shards/Replicator.cs"] = (1, "what one step does for as long as its connection lasts"),
        ["OrleansGeo.Runtime/Routing/OneWayRequests.cs"] = (1, "what becomes of one request that no caller waits for"),
        ["OrleansGeo.Testing/Wan/DelayLine.cs"] = (1, "a pump of bytes, which ends with its connection"),
        ["OrleansGeo.World/Drills/Load/DrillLoad.cs"] = (1, "the load of a drill, whose failures are what it counts"),
    };

    [Fact]
    public void Background_work_is_a_BackgroundLoop()
    {
        var root = Path.Combine(typeof(LoopTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static data => data.Key == "SourceRoot").Value!, "src");
        var found = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(file => (Path: Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/'), Signs: Sign().Count(File.ReadAllText(file))))
            .Where(static file => file.Signs > 0 && !file.Path.Contains("/obj/", StringComparison.Ordinal) && !file.Path.StartsWith("OrleansGeo.Runtime/Loops/", StringComparison.Ordinal))
            .ToDictionary(static file => file.Path, static file => file.Signs);
        var wrong = found.Keys.Union(Known.Keys).Order(StringComparer.Ordinal)
            .Select(path => (Path: path, Signs: found.GetValueOrDefault(path), Known: Known.GetValueOrDefault(path).Signs))
            .Where(static file => file.Signs != file.Known)
            .Select(static file => file.Signs > file.Known
                ? $"{file.Path} has {file.Signs} signs of a hand-written loop, {file.Known} are known. Use OrleansGeo.Runtime.Loops.BackgroundLoops (CreatePeriodic, CreateContinuous or Create): it survives whatever a step throws, backs off, says so in the log once, reports to /health/ready and /metrics, and stops at once. If this is no background work, say here what it is."
                : $"{file.Path} has {file.Signs} signs of a hand-written loop, fewer than the {file.Known} that are known: lower the number here.")
            .ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("while (!_stopping.IsCancellationRequested)", true)]
    [InlineData("while (_replica is null && !stop.IsCancellationRequested)", true)]
    [InlineData("_loop = Task.Run(RunAsync, CancellationToken.None);", true)]
    [InlineData("_ = Task.Run(() => shard.WatchLoopAsync(link));", true)]
    [InlineData("new PeriodicTimer(interval)", true)]
    [InlineData("class Watcher : BackgroundService", true)]
    [InlineData("catch (Exception) when (!stop.IsCancellationRequested)", false)]
    [InlineData("_ = Task.Run(() => FireAsync(due), CancellationToken.None);", false)]
    [InlineData("while (await reader.ReadAsync(stop))", false)]
    public void The_signs_of_a_loop_are_seen(string line, bool isSign) => Assert.Equal(isSign, Sign().IsMatch(line));

    /// <summary>A condition that asks for the end, a task that is started to run on, a timer that ticks.</summary>
    [GeneratedRegex(@"while \([^;{]*IsCancellationRequested|Task\.Run\((\(\) => )?(\w+\.)?\w*(Run|Loop|Pump)\w*(Async)?\b|new PeriodicTimer\(|: BackgroundService\b")]
    private static partial Regex Sign();
}
