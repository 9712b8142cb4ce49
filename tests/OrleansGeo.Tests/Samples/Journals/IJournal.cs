using Orleans.Concurrency;

namespace OrleansGeo.Tests.Samples.Journals;

[Alias("sample.journal")]
[GrainInterfaceType("sample.journal")]
public interface IJournal : IGrainWithStringKey
{
    /// <summary>Buffers a line, which is written soon.</summary>
    [Alias("add")]
    Task Add(string line);

    /// <summary>Which lines the grain knows to be written.</summary>
    [Alias("confirmed")]
    Task<string[]> Confirmed();

    /// <summary>How many lines are buffered.</summary>
    [Alias("buffered")]
    Task<int> Buffered();

    [ReadOnly]
    [Alias("lines")]
    Task<string[]> Lines();
}
