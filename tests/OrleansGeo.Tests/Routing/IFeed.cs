using Orleans.Concurrency;

namespace OrleansGeo.Tests.Routing;

/// <summary>A geo grain whose methods return one element after the other.</summary>
[Alias("test.serial")]
[GrainInterfaceType("test.serial")]
public interface IFeed : IGrainWithStringKey
{
    /// <summary>So many elements, which say where they were made.</summary>
    [Alias("take")]
    IAsyncEnumerable<string> Take(int count);

    [ReadOnly]
    [Alias("takelocal")]
    IAsyncEnumerable<string> TakeLocal(int count);

    /// <summary>What others publish, as it comes.</summary>
    [Alias("follow")]
    IAsyncEnumerable<int> Follow(CancellationToken cancellationToken);

    /// <summary>Waits inside the method until told to go on.</summary>
    [Alias("hold")]
    Task Hold();

    [Alias("publish")]
    Task Publish(int number);

    [Alias("fails")]
    IAsyncEnumerable<int> FailAfterOne();
}
