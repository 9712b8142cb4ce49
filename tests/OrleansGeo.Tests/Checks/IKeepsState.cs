using Orleans.Concurrency;

namespace OrleansGeo.Tests.Checks;

/// <summary>What the tests ask of grains with an ordinary state each.</summary>
public interface IKeepsState : IGrainWithStringKey
{
    [Alias("write")]
    Task Write();

    [Alias("writeunkept")]
    Task WriteUnkept();

    [ReadOnly]
    [Alias("read")]
    Task<string> Read();

    /// <summary>Another one after each activation.</summary>
    [Alias("instance")]
    Task<string> Instance();

    [Alias("deactivate")]
    Task Deactivate();
}
