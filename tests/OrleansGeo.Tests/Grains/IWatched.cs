using Orleans.Concurrency;

namespace OrleansGeo.Tests.Grains;

/// <summary>What filters look at.</summary>
[Alias("test.watched")]
public interface IWatched : IGrainWithStringKey
{
    [Alias("add")]
    Task<int> Add(int amount);

    [Alias("throws")]
    Task<int> Throw(string text);

    [Alias("reset")]
    Task Reset();

    /// <summary>Adds to another one.</summary>
    [Alias("addto")]
    Task<int> AddTo(string other, int amount);

    [ReadOnly]
    [Alias("total")]
    Task<int> Total();
}
