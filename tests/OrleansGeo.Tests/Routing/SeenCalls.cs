using System.Collections.Concurrent;

namespace OrleansGeo.Tests.Routing;

/// <summary>What the filters of a test saw.</summary>
public sealed class SeenCalls
{
    public ConcurrentQueue<string> Calls { get; } = new();

    public IReadOnlyList<string> Take()
    {
        List<string> taken = [];
        while (Calls.TryDequeue(out var call))
        {
            taken.Add(call);
        }

        return taken;
    }
}
