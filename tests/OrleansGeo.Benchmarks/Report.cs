using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using OrleansGeo.Benchmarks.Measuring;

namespace OrleansGeo.Benchmarks;

/// <summary>The table, and the same as JSON.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static void PrintHead()
    {
        Console.WriteLine("Ratio: calls a second of the first side by those of the second, median of the rounds (lowest-highest).");
        Console.WriteLine();
        Console.WriteLine($"{"row",-32} {"ratio",7} {"lowest-highest",15} {"by CPU",7} {"target",8} {"",-7} | calls/s, CPU µs and bytes a call of each side");
    }

    public static void Print(RowResult row)
    {
        var sides = row is { Geo: { } geo, Base: { } plain } ? $"{Text(geo)} : {Text(plain)}, {geo.Callers} callers" : "";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{row.Name,-32} {Number(row.Ratio),7} {Number(row.LowestRatio) + "-" + Number(row.HighestRatio),15} {(row.CpuRatio is { } cpu ? Number(cpu) : ""),7} {TargetOf(row),8} {row.Verdict,-7} | {sides}{row.Unit}"));
    }

    public static void Write(string path, BenchmarkOptions options, IReadOnlyList<RowResult> rows)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var context = new
        {
            Cores = Environment.ProcessorCount,
            Runtime = RuntimeInformation.FrameworkDescription,
            OperatingSystem = RuntimeInformation.OSDescription,
            Orleans = typeof(Grain).Assembly.GetName().Version?.ToString(),
            ServerGc = System.Runtime.GCSettings.IsServerGC,
            LatencyMode = System.Runtime.GCSettings.LatencyMode.ToString(),
            Seconds = options.Duration.TotalSeconds,
            options.Rounds,
        };
        File.WriteAllText(path, JsonSerializer.Serialize(new { Context = context, Rows = rows }, Json));
    }

    private static string Text(RowResult.SideResult side) => string.Create(
        CultureInfo.InvariantCulture, $"{side.Name} {side.CallsPerSecond:#,0} ({side.CpuMicrosecondsPerCall:0.0} µs, {side.BytesPerCall:#,0} B)");

    private static string TargetOf(RowResult row) => row.Target is { } target ? (row.IsLowerBetter ? "<= " : ">= ") + target.ToString(CultureInfo.InvariantCulture) : "";

    private static string Number(double value) => value.ToString(value >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
