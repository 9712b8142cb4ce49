using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using OrleansGeo.Benchmarks.Measuring;

namespace OrleansGeo.Benchmarks;

/// <summary>The table as a part of a page, with the day and the machine: what stands between two marks is replaced.</summary>
internal static class ReportPage
{
    private const string Begin = "<!-- benchmarks -->\n";
    private const string End = "<!-- /benchmarks -->\n";

    /// <exception cref="InvalidOperationException">The page lacks the marks.</exception>
    public static void Write(string path, IReadOnlyList<RowResult> rows)
    {
        var page = File.ReadAllText(path);
        var begin = page.IndexOf(Begin, StringComparison.Ordinal);
        var end = page.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
        {
            throw new InvalidOperationException($"{path} has no place for the benchmarks: write \"{Begin.Trim()}\" and \"{End.Trim()}\" where they belong.");
        }

        File.WriteAllText(path, page[..(begin + Begin.Length)] + Text(rows) + page[end..]);
    }

    private static string Text(IReadOnlyList<RowResult> rows)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Measured {TimeProvider.System.GetUtcNow():yyyy-MM-dd} on {Environment.ProcessorCount} cores ({RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.FrameworkDescription}, ");
        text.Append(CultureInfo.InvariantCulture, $"Orleans {FileVersionInfo.GetVersionInfo(typeof(Grain).Assembly.Location).ProductVersion?.Split('+', ' ')[0].TrimEnd('.')}).\n\n");
        text.Append("| row | first side against second | ratio (lowest to highest round) | goal |\n|---|---|---|---|\n");
        foreach (var row in rows)
        {
            var sides = row is { Geo: { } geo, Base: { } plain } ? $"{geo.Name} : {plain.Name}" : "";
            var span = row.Ratios.Count > 1 ? $" ({Number(row.LowestRatio)} to {Number(row.HighestRatio)})" : "";
            var goal = row.Target is { } target ? $"{(row.IsLowerBetter ? "≤" : "≥")} {target.ToString(CultureInfo.InvariantCulture)}{(row.Passed == false ? ", **missed**" : "")}" : "–";
            text.Append(CultureInfo.InvariantCulture, $"| `{row.Name}` | {sides} | {Number(row.Ratio)}{(row.Unit is "" or null ? "" : $" {row.Unit}")}{span} | {goal} |\n");
        }

        return text.ToString();
    }

    private static string Number(double value) => value.ToString(value >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
