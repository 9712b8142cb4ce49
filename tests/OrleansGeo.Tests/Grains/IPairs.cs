using Orleans.Concurrency;

namespace OrleansGeo.Tests.Grains;

/// <summary>A multi-writer map.</summary>
[Alias("test.pairs")]
[GrainInterfaceType("test.pairs")]
public interface IPairs : IGrainWithStringKey
{
    /// <summary>Writes one field, then another of so many characters. Answers the code of the error that the second meets, or nothing.</summary>
    [Alias("setboth")]
    Task<string> SetBoth(string first, string second, int characters);

    [ReadOnly]
    [Alias("get")]
    Task<string?> Get(string field);
}
