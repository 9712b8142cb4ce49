namespace OrleansGeo.Tests.Checks;

[Alias("test.drained")]
public interface IDrained : IReadInParts
{
    [Alias("drain")]
    IAsyncEnumerable<string> Drain();
}
