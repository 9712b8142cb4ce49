using Orleans.Concurrency;

namespace OrleansGeo.Tests.Grains;

/// <summary>A grain of the old kind: its state is that of its base class.</summary>
[Alias("test.wallet")]
[GrainInterfaceType("test.wallet")]
public interface IWallet : IGrainWithStringKey
{
    [Alias("append")]
    Task<int> Append(string text);

    /// <summary>Changes the state, and takes it back.</summary>
    [Alias("takeback")]
    Task<int> ChangeAndTakeBack(string text);

    [Alias("clear")]
    Task Clear();

    [ReadOnly]
    [Alias("read")]
    Task<string[]> Read();

    /// <summary>What the state was when it was activated.</summary>
    [ReadOnly]
    [Alias("atactivation")]
    Task<int> CountAtActivation();
}
