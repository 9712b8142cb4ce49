using Orleans.Concurrency;

namespace OrleansGeo.Tests.Checks;

[Alias("test.readinparts")]
public interface IReadInParts : IGrainWithStringKey
{
    [ReadOnly]
    [Alias("parts")]
    IAsyncEnumerable<string> Parts();
}
