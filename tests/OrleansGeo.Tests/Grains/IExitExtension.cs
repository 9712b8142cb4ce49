using Orleans.Concurrency;
using Orleans.Runtime;

namespace OrleansGeo.Tests.Grains;

/// <summary>An extension of a plain grain, which notes in the call log that it was called.</summary>
[Alias("test.exitextension")]
[GrainInterfaceType("test.exitextension")]
public interface IExitExtension : IGrainExtension
{
    [Alias("tell")]
    Task TellExtension(string text);

    [OneWay]
    [Alias("telloneway")]
    Task TellExtensionOneWay(string text);
}
