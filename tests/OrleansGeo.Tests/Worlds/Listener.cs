namespace OrleansGeo.Tests.Worlds;

[GrainType("test.listener")]
public sealed class Listener(CallLog log) : Grain, IListener
{
    public Task Tell(string text)
    {
        log.Calls.Enqueue(text);
        return Task.CompletedTask;
    }

    public Task<int> Count() => Task.FromResult(log.Calls.Count);
}
