using Orleans.Concurrency;

namespace OrleansGeo.Tests.Grains;

/// <summary>A write-behind grain whose requests run beside each other.</summary>
[Alias("test.hall")]
[GrainInterfaceType("test.hall")]
public interface IHall : IGrainWithStringKey
{
    [Alias("append")]
    Task<int> Append(string text);

    /// <summary>Writes, stops at a barrier, and writes again.</summary>
    [Alias("appendappend")]
    Task<int> AppendThenStopThenAppend(string first, string barrier, string second);

    /// <summary>Stops at a barrier, then keeps the text in memory until the object ends.</summary>
    [Alias("keep")]
    Task StopThenKeep(string barrier, string text);

    /// <summary>Stops at a barrier, then has another hall write here.</summary>
    [Alias("through")]
    Task<int> StopThenAppendThrough(string barrier, string other, string text);

    /// <summary>Has another hall write.</summary>
    [Alias("appendto")]
    Task<int> AppendTo(string other, string text);

    [ReadOnly]
    [Alias("read")]
    Task<string[]> Read();
}
