using Orleans.Concurrency;

namespace OrleansGeo.Tests.Grains;

/// <summary>A geo grain whose requests run beside each other, as its class says.</summary>
[Alias("test.room")]
public interface IRoom : IGrainWithStringKey
{
    /// <summary>Writes, then stops at a barrier.</summary>
    [Alias("appendstop")]
    Task<int> AppendThenStop(string text, string barrier);

    [Alias("append")]
    Task<int> Append(string text);

    /// <summary>Writes whatever runs.</summary>
    [AlwaysInterleave]
    [Alias("beside")]
    Task<int> AppendBeside(string text);

    /// <summary>Waits for the signal.</summary>
    [Alias("wait")]
    Task Wait();

    [AlwaysInterleave]
    [Alias("signal")]
    Task Signal();

    /// <summary>Writes, has another one write, and writes again.</summary>
    [Alias("publish")]
    Task Publish(string other, string text);

    [ReadOnly]
    [Alias("read")]
    Task<string[]> Read();
}
