using Orleans.Concurrency;

namespace OrleansGeo.Tests.Grains;

/// <summary>A write-behind grain: what it is given it writes later, in a timer's tick, in the background or when it is deactivated.</summary>
[Alias("test.buffer")]
[GrainInterfaceType("test.buffer")]
public interface IBuffer : IGrainWithStringKey
{
    [Alias("add")]
    Task Add(string text);

    /// <summary>One tick of a timer writes the buffer and empties it, notes in the call log that it did, and stops at a barrier.</summary>
    [Alias("flush")]
    Task FlushByTimer(string note, string barrier);

    /// <summary>Begins what writes once a barrier is open, and notes in the call log when that has completed. Does not wait for it.</summary>
    [Alias("background")]
    Task WriteInBackground(string text, string barrier);

    /// <summary>The same on a thread of the pool.</summary>
    [Alias("pool")]
    Task WriteInPool(string text, string barrier);

    /// <summary>Stops at a barrier, then answers so many bytes.</summary>
    [Alias("answer")]
    Task<string> StopThenAnswer(string barrier, int bytes);

    /// <summary>Stops at a barrier, then tells a diary.</summary>
    [Alias("stoptell")]
    Task StopThenTell(string barrier, string diary, string text);

    [Alias("deactivate")]
    Task Deactivate();

    [ReadOnly]
    [Alias("read")]
    Task<string[]> Read();
}
