namespace OrleansGeo.Benchmarks.Measuring;

/// <summary>A comparison: the ratio of <paramref name="Geo"/> to <paramref name="Base"/> in calls a second.</summary>
/// <param name="Name">A short name, for <c>--filter</c>.</param>
/// <param name="Target">The ratio to reach; null: printed as context.</param>
/// <param name="Geo">The side that is judged.</param>
/// <param name="Base">What it is compared with.</param>
internal sealed record Row(string Name, double? Target, Side Geo, Side Base)
{
    /// <summary>How many times longer than asked for a measurement is, for calls that come in bursts; there are fewer of them for it.</summary>
    public int Stretch { get; init; } = 1;
}
