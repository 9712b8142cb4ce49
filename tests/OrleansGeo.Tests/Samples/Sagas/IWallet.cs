using Orleans.Concurrency;

namespace OrleansGeo.Tests.Samples.Sagas;

/// <summary>Pays each time that it is told.</summary>
[Alias("sample.wallet")]
[GrainInterfaceType("sample.wallet")]
public interface IWallet : IGrainWithStringKey
{
    [Alias("pay")]
    Task Pay(string order);

    [ReadOnly]
    [Alias("paid")]
    Task<string[]> Paid();
}
