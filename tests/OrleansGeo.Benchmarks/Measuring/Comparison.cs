namespace OrleansGeo.Benchmarks.Measuring;

/// <summary>Measures both sides of a row in turns, so that whatever else slows this machine down slows both.</summary>
internal sealed class Comparison(BenchmarkOptions options)
{
    private static readonly TimeSpan LeadIn = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    public Task<RowResult> RunAsync(Row row) =>
        Task.Factory.StartNew(() => Run(row), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private RowResult Run(Row row)
    {
        Load.Measure(row.Geo, LeadIn, WarmUp);
        Load.Measure(row.Base, LeadIn, WarmUp);
        var (leadIn, duration) = (LeadIn * row.Stretch, options.Duration * row.Stretch);
        var (geo, plain) = (new List<Speed>(), new List<Speed>());
        for (var round = 0; round < Math.Max(1, options.Rounds / row.Stretch); round++)
        {
            geo.Add(Load.Measure(row.Geo, leadIn, duration));
            plain.Add(Load.Measure(row.Base, leadIn, duration));
        }

        var ratios = geo.Zip(plain, static (a, b) => a.CallsPerSecond / b.CallsPerSecond).ToList();
        return new()
        {
            Name = row.Name,
            Target = row.Target,
            Ratio = Median(ratios),
            LowestRatio = ratios.Min(),
            HighestRatio = ratios.Max(),
            CpuRatio = Median(geo.Zip(plain, static (a, b) => b.CpuMicrosecondsPerCall / a.CpuMicrosecondsPerCall)),
            Ratios = ratios,
            Geo = ResultOf(row.Geo, geo),
            Base = ResultOf(row.Base, plain),
        };
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static RowResult.SideResult ResultOf(Side side, List<Speed> speeds) => new(
        side.Name,
        side.Callers,
        Median(speeds.Select(static speed => speed.CallsPerSecond)),
        Median(speeds.Select(static speed => speed.CpuMicrosecondsPerCall)),
        Median(speeds.Select(static speed => speed.BytesPerCall)));
}
