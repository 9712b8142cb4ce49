using System.Globalization;
using OrleansGeo.World.Replay;
using Spectre.Console;

namespace OrleansGeo.World.Cli;

/// <summary>What the replay prints at its end.</summary>
internal static class ReplaySummary
{
    private const int MismatchesShown = 5;

    public static void Print(ReplayResult result)
    {
        WorldConsole.Out.Write(Writes(result));
        WorldConsole.Out.Write(Reads(result));
        foreach (var verification in result.Verifications)
        {
            foreach (var mismatch in verification.Mismatches.Take(MismatchesShown))
            {
                WorldConsole.Say($"{verification.Region} {verification.Consistency} {mismatch.Expected.Iata}: expected {mismatch.Expected}, got {mismatch.Shown}");
            }
        }

        WorldConsole.Say(result.IsRight
            ? "Every total is right in every region."
            : "Some totals are wrong. (Were flights recorded in this world before, more than the deduplication window ago? Then they count twice: use an empty world.)");
    }

    private static Table Writes(ReplayResult result) => new Table().Border(TableBorder.Rounded)
        .AddColumns("Flights", "Writes", "Retries", "Seconds", "Writes/s", "p50 ms", "p99 ms")
        .AddRow(
            Number(result.Flights), Number(result.Writes), Number(result.Retries), Number(result.Took.TotalSeconds, "0.0"),
            Number(result.WritesPerSecond), Milliseconds(result.Percentile(0.50)), Milliseconds(result.Percentile(0.99)));

    private static Table Reads(ReplayResult result)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Region", "Consistency", "Airports", "Mismatches", "Seconds");
        foreach (var verification in result.Verifications)
        {
            table.AddRow(
                Markup.Escape(verification.Region), verification.Consistency, Number(verification.Airports),
                Number(verification.Mismatches.Length), Number(verification.Took.TotalSeconds, "0.0"));
        }

        return table;
    }

    private static string Milliseconds(TimeSpan time) => Number(time.TotalMilliseconds, "0.0");

    private static string Number(double number, string format = "0") => number.ToString(format, CultureInfo.InvariantCulture);
}
