namespace OrleansGeo.Benchmarks.Grains;

/// <summary>A plain grain that calls another one.</summary>
[Alias("bench.caller")]
[GrainInterfaceType("bench.caller")]
internal interface ICaller : IGrainWithStringKey
{
    /// <summary>Reads a plain counter so many times, one after the other.</summary>
    [Alias("read")]
    Task<int> Read(IPlainCounter counter, int times);
}
