using System.Diagnostics;

namespace OrleansGeo.Tests.Histories;

/// <summary>The times of a history: <see cref="Stopwatch"/> ticks since it began, which never go back and are the same for every thread.</summary>
/// <remarks>Read it before a call is made and after its answer came, so that an operation's interval contains the moment of its effect.</remarks>
internal sealed class HistoryClock
{
    /// <summary>The return time of an operation whose outcome nobody was told.</summary>
    public const long Never = long.MaxValue;

    private readonly long _start = Stopwatch.GetTimestamp();

    public long Now => Stopwatch.GetTimestamp() - _start;

    public static string Show(long time) =>
        time == Never ? "never" : FormattableString.Invariant($"{time * 1000.0 / Stopwatch.Frequency:0.####} ms");
}
