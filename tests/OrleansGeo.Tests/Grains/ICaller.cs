using Orleans.Concurrency;

namespace OrleansGeo.Tests.Grains;

/// <summary>Calls along a path.</summary>
[Alias("test.calls")]
public interface ICaller : IGrainWithStringKey
{
    /// <summary>Writes, then has the first of the path visit the rest of it, and writes again. A key that begins with <c>plain-</c> is that of a plain grain.</summary>
    /// <param name="path">The keys.</param>
    /// <param name="text">What is written.</param>
    /// <param name="reentrant">Whether the call chain may come back.</param>
    [Alias("visit")]
    Task<int> Visit(string[] path, string text, bool reentrant);

    /// <summary>Has others visit the rest of a path at once.</summary>
    [Alias("fork")]
    Task<int> Fork(string[] others, string[] path, string text);
}
