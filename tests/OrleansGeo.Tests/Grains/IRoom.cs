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

    /// <summary>Writes so many bytes.</summary>
    [Alias("pad")]
    Task Pad(int bytes);

    /// <summary>Changes the state, does not write it, and throws.</summary>
    [Alias("changethrow")]
    Task ChangeThenThrow(string text);

    [ReadOnly]
    [Alias("read")]
    Task<string[]> Read();

    /// <summary>Stops at a barrier, then reads.</summary>
    [ReadOnly]
    [Alias("readafter")]
    Task<string[]> ReadAfter(string barrier);

    [ReadOnly]
    [Alias("padding")]
    Task<int> Padding();
}
