using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Routing;

[GrainType("test.errand")]
[GeoGrain(Durability.Quorum)]
public sealed class Errand : Grain, IErrand
{
    public async Task Append(string ledger, params string[] texts)
    {
        foreach (var text in texts)
        {
            await GrainFactory.GetGrain<ILedger>(ledger).Append(text);
        }
    }

    public async Task<int> AppendNamed(string ledger, string text, string key)
    {
        using var session = GeoSession.Begin(new() { RequestKey = key });
        return await GrainFactory.GetGrain<ILedger>(ledger).Append(text);
    }

    public Task<Guid> NewGuid() => Task.FromResult(GeoSession.NewGuid());

    public async Task<string> AskInVain(string ledger)
    {
        try
        {
            return await GrainFactory.GetGrain<ILedger>(ledger).Block(CancellationToken.None);
        }
        catch (GeoException exception)
        {
            return exception.Message;
        }
    }

    public Task<int> Never() => Hanging.Task;

    public Task<string> LineageBehind(string messenger) => GrainFactory.GetGrain<IMessenger>(messenger).PassOn(2);

    public void Send(string ledger, string text) => GrainFactory.GetGrain<ILedger>(ledger).AppendOneWay(text).Ignore();

    public async Task<int> Watch(ICartObserver observer)
    {
        await observer.Changed("seen");
        return 1;
    }
}
