using Orleans.Concurrency;

namespace OrleansGeo.Tests.Grains;

/// <summary>A geo grain that uses streams of Orleans.</summary>
[Alias("test.followsstream")]
[GrainInterfaceType("test.followsstream")]
public interface IFollowsStream : IGrainWithStringKey
{
    [Alias("subscribe")]
    Task Subscribe(string stream);

    [ReadOnly]
    [Alias("subscribeinread")]
    Task SubscribeInRead(string stream);

    /// <summary>Writes, then produces.</summary>
    [Alias("produce")]
    Task<int> AppendThenProduce(string stream, string text);
}
