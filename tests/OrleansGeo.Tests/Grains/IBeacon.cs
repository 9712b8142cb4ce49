using Orleans.Concurrency;

namespace OrleansGeo.Tests.Grains;

/// <summary>A geo grain whose timer ticks in every region that it is active in, and tries to write there.</summary>
[Alias("test.beacon")]
[GrainInterfaceType("test.beacon")]
public interface IBeacon : IGrainWithStringKey
{
    [Alias("append")]
    Task<int> Append(string text);

    /// <summary>Each tick tries to write, and notes in the call log what came of it.</summary>
    [ReadOnly]
    [Alias("start")]
    Task Start(string text);

    [ReadOnly]
    [Alias("read")]
    Task<string[]> Read();
}
