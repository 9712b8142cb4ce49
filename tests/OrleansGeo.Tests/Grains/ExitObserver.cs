using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

internal sealed class ExitObserver(CallLog log) : IExitObserver
{
    public Task Told(string text)
    {
        log.Calls.Enqueue(text);
        return Task.CompletedTask;
    }
}
