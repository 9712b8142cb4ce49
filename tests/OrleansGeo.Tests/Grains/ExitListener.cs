using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

[GrainType("test.exitlistener")]
public sealed class ExitListener(CallLog log) : Grain, IExitListener, IExitExtension
{
    public Task Tell(string text)
    {
        log.Calls.Enqueue(text);
        return Task.CompletedTask;
    }

    public Task TellOneWay(string text) => Tell(text);

    public async IAsyncEnumerable<string> TellAll(string text)
    {
        await Tell(text);
        yield return text;
    }

    public Task TellExtension(string text) => Tell(text);

    public Task TellExtensionOneWay(string text) => Tell(text);
}
