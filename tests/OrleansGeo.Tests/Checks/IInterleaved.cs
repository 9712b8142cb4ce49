using Orleans.Concurrency;

namespace OrleansGeo.Tests.Checks;

[Alias("test.interleaved")]
public interface IInterleaved : IGrainWithStringKey
{
    [AlwaysInterleave]
    [Alias("signal")]
    Task Signal();

    [AlwaysInterleave]
    [ReadOnly]
    [Alias("look")]
    Task Look();
}
