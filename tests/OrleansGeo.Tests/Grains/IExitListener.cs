using Orleans.Concurrency;

namespace OrleansGeo.Tests.Grains;

/// <summary>A plain grain that notes in the call log that it was called.</summary>
[Alias("test.exitlistener")]
[GrainInterfaceType("test.exitlistener")]
public interface IExitListener : IGrainWithStringKey
{
    [Alias("tell")]
    Task Tell(string text);

    [OneWay]
    [Alias("telloneway")]
    Task TellOneWay(string text);

    /// <summary>Yields the text.</summary>
    [Alias("tellall")]
    IAsyncEnumerable<string> TellAll(string text);
}
