using System.Collections.Concurrent;

namespace OrleansGeo.Tests.Worlds;

/// <summary>What a plain grain of this silo was told.</summary>
public sealed class CallLog
{
    public ConcurrentQueue<string> Calls { get; } = new();
}
