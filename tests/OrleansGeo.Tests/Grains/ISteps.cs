using Orleans.Concurrency;

namespace OrleansGeo.Tests.Grains;

/// <summary>A geo grain that writes lines, and stops between its steps.</summary>
[Alias("test.steps")]
[GrainInterfaceType("test.steps")]
public interface ISteps : IGrainWithStringKey
{
    [Alias("append")]
    Task<int> Append(string text);

    /// <summary>Writes, then stops at a barrier.</summary>
    [Alias("appendstop")]
    Task<int> AppendThenStop(string text, string barrier);

    /// <summary>Stops at a barrier, then does the last step. Answers what became of that.</summary>
    /// <param name="barrier">The barrier.</param>
    /// <param name="text">What is written at last.</param>
    /// <param name="tells">Before the barrier it writes a line and tells it to a plain grain.</param>
    /// <param name="last">The last step.</param>
    [Alias("stoplast")]
    Task<string> StopThenDo(string barrier, string text, bool tells, LastStep last);

    /// <summary>Writes, does what makes that an entry before the request has ended, and stops at a barrier.</summary>
    [Alias("appendact")]
    Task<int> AppendThenActThenStop(string text, FirstEffect effect, string barrier);

    /// <summary>Begins what writes once a barrier is open, and notes in the call log when that is written. Does not wait for it.</summary>
    [Alias("later")]
    Task AppendLater(string text, string barrier, Outside from);

    /// <summary>Has another one call back, in a section of call-chain reentrancy, does not wait for that, stops at a barrier in that section, and writes.</summary>
    [Alias("besideback")]
    Task<int> AppendBesideCallBack(string other, string barrier, string text, string back, string backBarrier);

    /// <summary>Has another one write and stop, and notes in the call log when it is answered.</summary>
    [Alias("callback")]
    Task CallBack(string other, string text, string barrier);

    [ReadOnly]
    [Alias("lines")]
    IAsyncEnumerable<string> Lines();

    /// <summary>Reads whatever runs.</summary>
    [AlwaysInterleave]
    [ReadOnly]
    [Alias("peek")]
    Task<string[]> Peek();

    [ReadOnly]
    [Alias("read")]
    Task<string[]> Read();
}
