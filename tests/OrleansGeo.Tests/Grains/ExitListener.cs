using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

[GrainType("test.exitlistener")]
public sealed class ExitListener(CallLog log) : Grain, IExitListener
{
    public Task Tell(string text)
    {
        log.Calls.Enqueue(text);
        return Task.CompletedTask;
    }

    public Task TellOneWay(string text) => Tell(text);
}
