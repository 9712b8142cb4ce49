namespace OrleansGeo.Tests.Grains;

[GrainType("test.plaincaller")]
public sealed class PlainCaller : Grain, IPlainCaller
{
    public Task<int> Visit(string[] path, string text, bool reentrant) => CallerGrain.NextOf(GrainFactory, path[0]).Visit(path[1..], text, reentrant);

    public Task<int> Fork(string[] others, string[] path, string text) => throw new NotSupportedException("A plain caller does not fork.");
}
