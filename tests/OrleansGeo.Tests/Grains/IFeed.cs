using Orleans.Concurrency;

namespace OrleansGeo.Tests.Grains;

/// <summary>A geo grain that takes observers and returns streams.</summary>
[Alias("test.feed")]
[GrainInterfaceType("test.feed")]
public interface IFeed : IGrainWithStringKey
{
    [Alias("append")]
    Task<int> Append(string text);

    [Alias("subscribe")]
    Task Subscribe(IFeedObserver observer);

    [Alias("subscribeall")]
    Task SubscribeAll(IFeedObserver[] observers);

    [Alias("subscribelist")]
    Task SubscribeList(List<IFeedObserver> observers);

    /// <summary>Tells an observer, without a word of it in the state.</summary>
    [ReadOnly]
    [Alias("tell")]
    Task Tell(IFeedObserver observer, string text);

    /// <summary>The lines.</summary>
    [Alias("lines")]
    IAsyncEnumerable<string> Lines();

    /// <summary>Writes each number before it yields it, and throws at the end if it is to.</summary>
    [Alias("count")]
    IAsyncEnumerable<int> Count(int to, bool thenThrow);

    [ReadOnly]
    [Alias("readlines")]
    IAsyncEnumerable<string> ReadLines();
}
