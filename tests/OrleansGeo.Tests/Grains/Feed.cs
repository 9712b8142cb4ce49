using Orleans.Runtime;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

[GrainType("test.feed")]
[GeoGrain(Durability.Quorum, AllowInterleavedWrites = true)]
public sealed class Feed([PersistentState("feed", "geo")] IPersistentState<LedgerState> feed) : Grain, IFeed
{
    public async Task<int> Append(string text)
    {
        feed.State.Lines.Add(text);
        await feed.WriteStateAsync();
        return feed.State.Lines.Count;
    }

    public Task Subscribe(IFeedObserver observer) => Append("subscribed");

    public Task SubscribeAll(IFeedObserver[] observers) => Append("subscribed");

    public Task SubscribeList(List<IFeedObserver> observers) => Append("subscribed");

    public Task Tell(IFeedObserver observer, string text) => observer.Told(text);

    public async IAsyncEnumerable<string> Lines()
    {
        foreach (var line in feed.State.Lines.ToArray())
        {
            await Task.Yield();
            yield return line;
        }
    }

    public async IAsyncEnumerable<int> Count(int to, bool thenThrow)
    {
        for (var i = 1; i <= to; i++)
        {
            await Append($"{i}");
            yield return i;
        }

        if (thenThrow)
        {
            throw new InvalidTimeZoneException("as asked");
        }
    }

    public IAsyncEnumerable<string> ReadLines() => Lines();
}
