using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace OrleansGeo.Tests.Server.Pauses;

/// <summary>What processes said and clients were told, by one clock.</summary>
internal sealed class PauseRecord
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly ConcurrentQueue<(TimeSpan At, string Text)> _events = new();
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly ConcurrentQueue<WriteSpan> _writes = new();
    private readonly ConcurrentQueue<ReadAnswer> _reads = new();
    private readonly ConcurrentDictionary<string, int> _answers = new();

    /// <summary>Monotonic, the same for every thread. Read before a request is sent and after its answer came.</summary>
    public TimeSpan Now => Stopwatch.GetElapsedTime(_start);

    public IEnumerable<(TimeSpan At, string Text)> Events => _events;

    public IReadOnlyCollection<string> Violations => _violations;

    public IReadOnlyCollection<WriteSpan> Writes => _writes;

    public IReadOnlyDictionary<string, int> Answers => _answers;

    public void Happened(string text) => _events.Enqueue((Now, text));

    public void Count(string answer) => _answers.AddOrUpdate(answer, 1, static (_, count) => count + 1);

    public void Wrote(WriteSpan write) => _writes.Enqueue(write);

    public void Found(ReadAnswer read) => _reads.Enqueue(read);

    public void Violated(string text)
    {
        _violations.Enqueue($"{Show(Now)} {text}");
        Happened($"VIOLATION {text}");
    }

    /// <summary>How often these processes said between two times that their region holds its lease anew.</summary>
    public int LeasesOf(TimeSpan from, TimeSpan until, params string[] servers) => _events.Count(said =>
        said.At >= from && said.At < until && said.Text.Contains("holds its lease, generation", StringComparison.Ordinal)
        && servers.Any(server => said.Text.StartsWith($"{server}: ", StringComparison.Ordinal)));

    /// <summary>The reads that were answered between two times by one process.</summary>
    public IReadOnlyList<ReadAnswer> ReadsOf(string server, TimeSpan from, TimeSpan until) => [.. _reads.Where(read => read.Server == server && read.Ended >= from && read.Ended < until)];

    /// <summary>The write that waited longest between two times; null: there was none.</summary>
    public WriteSpan? LongestWrite(TimeSpan from, TimeSpan until, Func<WriteSpan, bool> which) => _writes.Where(which).MaxBy(write => write.WaitedWithin(from, until));

    /// <summary>The longest time between two times in which no such write was acknowledged.</summary>
    public TimeSpan LongestSilence(TimeSpan from, TimeSpan until, Func<WriteSpan, bool> which)
    {
        TimeSpan[] times = [from, .. _writes.Where(which).Select(static write => write.Ended).Where(at => at > from && at < until).Order(), until];
        return times.Zip(times.Skip(1), static (before, after) => after - before).Max();
    }

    /// <summary>All of it.</summary>
    public IEnumerable<string> Lines() => _events.Select(static said => $"{Show(said.At)} {said.Text}");

    public static string Show(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds,8:0.000}");
}
