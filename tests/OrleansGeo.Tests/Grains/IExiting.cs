using Orleans.Concurrency;

namespace OrleansGeo.Tests.Grains;

/// <summary>A geo grain whose calls leave it in every way that there is.</summary>
[Alias("test.exiting")]
[GrainInterfaceType("test.exiting")]
public interface IExiting : IGrainWithStringKey
{
    /// <summary>Writes, then calls.</summary>
    [Alias("append")]
    Task<int> AppendAndCall(string text, Exit exit);

    /// <summary>Notes in the call log that it was called.</summary>
    [Alias("tell")]
    Task Tell(string text);

    [OneWay]
    [Alias("telloneway")]
    Task TellOneWay(string text);

    [ReadOnly]
    [Alias("ask")]
    Task Ask(string text);

    /// <summary>Yields the text, and notes in the call log that it ended when it is ended.</summary>
    [ReadOnly]
    [Alias("askthentell")]
    IAsyncEnumerable<string> AskThenTell(string text, CancellationToken cancellationToken);
}
