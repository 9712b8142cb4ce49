using Orleans.Concurrency;

namespace OrleansGeo.Tests.Grains;

/// <summary>A geo grain that calls others, and perhaps itself.</summary>
[Alias("test.callergrain")]
[GrainInterfaceType("test.callergrain")]
public interface ICallerGrain : ICaller
{
    /// <summary>Begins a path in a method that only reads.</summary>
    [ReadOnly]
    [Alias("visitinread")]
    Task<int> VisitInRead(string[] path, string text, bool reentrant);

    /// <summary>Reads along a path, each at its home, and counts the last one's lines.</summary>
    [ReadOnly]
    [Alias("countalong")]
    Task<int> CountAlong(string[] path);

    /// <summary>Allows its own chain to come back, and has others visit a path without allowing theirs.</summary>
    [Alias("visitwithin")]
    Task<int> VisitWithin(string[] path, string text);

    /// <summary>Writes, then asks another one for this one's count.</summary>
    [Alias("askback")]
    Task<int> AskBack(string other, string text, bool reentrant);

    /// <summary>Asks another one for its count, at its home.</summary>
    [ReadOnly]
    [Alias("countof")]
    Task<int> CountOf(string other);

    [ReadOnly]
    [Alias("count")]
    Task<int> Count();

    [ReadOnly]
    [Alias("read")]
    Task<string[]> Read();
}
