using Orleans.Runtime;
using Orleans.Streams;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

[GrainType("test.followsstream")]
[GeoGrain(Durability.Quorum)]
public sealed class FollowsStream([PersistentState("stream", "geo")] IPersistentState<LedgerState> state) : Grain, IFollowsStream
{
    public const string Provider = "streams";

    public Task Subscribe(string stream) => StreamOf(stream).SubscribeAsync((text, _) => AppendAsync(text));

    public Task SubscribeInRead(string stream) => Subscribe(stream);

    public async Task<int> AppendThenProduce(string stream, string text)
    {
        await AppendAsync(text);
        await StreamOf(stream).OnNextAsync(text);
        return state.State.Lines.Count;
    }

    private IAsyncStream<string> StreamOf(string name) => this.GetStreamProvider(Provider).GetStream<string>("test", name);

    private async Task AppendAsync(string text)
    {
        state.State.Lines.Add(text);
        await state.WriteStateAsync();
    }
}
