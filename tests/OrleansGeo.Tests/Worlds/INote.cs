using Orleans.Concurrency;

namespace OrleansGeo.Tests.Worlds;

/// <summary>Acknowledged when its home has it: what a forced promotion leaves behind is in the ledger.</summary>
[Alias("test.note")]
[GrainInterfaceType("test.note")]
public interface INote : IGrainWithStringKey
{
    [Alias("append")]
    Task<int> Append(string text);

    [ReadOnly]
    [Alias("read")]
    Task<string[]> Read();
}
