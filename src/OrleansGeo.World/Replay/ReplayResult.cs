using System.Collections.Immutable;

namespace OrleansGeo.World.Replay;

/// <summary>What a replay measured and found.</summary>
/// <param name="Flights">Flights of the file.</param>
/// <param name="Writes">Writes that were acknowledged.</param>
/// <param name="Retries">Attempts that had to be repeated while writing.</param>
/// <param name="Took">From the first write sent to the last acknowledged.</param>
/// <param name="Latencies">Of each write, retries included, sorted.</param>
/// <param name="Verifications">Per region and consistency.</param>
internal sealed record ReplayResult(
    int Flights, int Writes, long Retries, TimeSpan Took, TimeSpan[] Latencies, ImmutableArray<Verification> Verifications)
{
    public double WritesPerSecond => Writes / Took.TotalSeconds;

    public bool IsRight => Verifications.All(static verification => verification.Mismatches.IsEmpty);

    /// <summary>The latency that this share of the writes did not exceed.</summary>
    public TimeSpan Percentile(double share) => Latencies[Math.Clamp((int)Math.Ceiling(share * Latencies.Length) - 1, 0, Latencies.Length - 1)];
}
