using OrleansGeo.Benchmarks.Measuring;

namespace OrleansGeo.Benchmarks.Rows;

/// <summary>Rows that share their hosts.</summary>
internal interface IRowGroup
{
    /// <summary>The rows that <see cref="RunAsync"/> can measure.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>Starts the hosts, measures the rows that are asked for, and stops the hosts.</summary>
    Task RunAsync(BenchmarkOptions options, Action<RowResult> report);
}
