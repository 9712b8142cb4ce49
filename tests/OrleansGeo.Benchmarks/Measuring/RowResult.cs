using System.Text.Json.Serialization;

namespace OrleansGeo.Benchmarks.Measuring;

/// <summary>A row as measured. Only <see cref="Ratio"/> says something beyond this machine and this hour.</summary>
internal sealed record RowResult
{
    public required string Name { get; init; }

    /// <summary>The median of the rounds' ratios.</summary>
    public required double Ratio { get; init; }

    public required double LowestRatio { get; init; }

    public required double HighestRatio { get; init; }

    /// <summary>The same by processor time a call: less exact when a side waits, more so when another program takes the processor.</summary>
    public double? CpuRatio { get; init; }

    public required double? Target { get; init; }

    /// <summary>Null when there is no target.</summary>
    public bool? Passed => Target is { } target ? (IsLowerBetter ? Ratio <= target : Ratio >= target) : null;

    /// <summary>What <see cref="Ratio"/> is, when it is not a ratio.</summary>
    public string? Unit { get; init; }

    public bool IsLowerBetter { get; init; }

    public IReadOnlyList<double> Ratios { get; init; } = [];

    public SideResult? Geo { get; init; }

    public SideResult? Base { get; init; }

    [JsonIgnore]
    public string Verdict => Passed switch
    {
        true => "passed",
        false => "MISSED",
        null => "",
    };

    /// <summary>The medians of one side.</summary>
    internal sealed record SideResult(string Name, int Callers, double CallsPerSecond, double CpuMicrosecondsPerCall, double BytesPerCall);
}
