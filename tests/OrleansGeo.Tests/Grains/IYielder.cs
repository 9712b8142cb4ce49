using Orleans.Concurrency;

namespace OrleansGeo.Tests.Grains;

/// <summary>A geo grain that enumerates others of its kind.</summary>
[Alias("test.yielder")]
[GrainInterfaceType("test.yielder")]
public interface IYielder : IGrainWithStringKey
{
    /// <summary>Sums up what another one yields, which adds to this one first.</summary>
    [Alias("drain")]
    Task<int> Drain(string other, bool isRead);

    [Alias("add")]
    Task<int> Add();

    /// <summary>Adds to another one, and yields what it then has.</summary>
    [ReadOnly]
    [Alias("addandyieldinread")]
    IAsyncEnumerable<int> AddAndYieldInRead(string other);

    /// <summary>The same, at the home.</summary>
    [Alias("addandyield")]
    IAsyncEnumerable<int> AddAndYield(string other);
}
