using Orleans.Concurrency;

namespace OrleansGeo.Tests.Grains;

/// <summary>Small things that grains of one cluster do.</summary>
[Alias("test.habits")]
[GrainInterfaceType("test.habits")]
public interface IHabits : IGrainWithStringKey
{
    [Alias("appenddeactivate")]
    Task<int> AppendAndDeactivate(string text);

    /// <summary>What the caller set in its request context.</summary>
    [Alias("context")]
    Task<string?> Context(string key);

    [ReadOnly]
    [Alias("contextread")]
    Task<string?> ContextInRead(string key);

    /// <summary>Begins what calls a diary once a barrier is open, after this request has ended.</summary>
    [Alias("background")]
    Task CallInBackground(string diary, string text, string barrier);

    /// <summary>Calls a diary in each of many ticks, under one request key.</summary>
    [Alias("ticks")]
    Task CallInTicks(string diary, string key, string text, string barrier);

    [ReadOnly]
    [Alias("read")]
    Task<string[]> Read();
}
