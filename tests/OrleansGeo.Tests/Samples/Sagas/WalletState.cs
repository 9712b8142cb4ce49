namespace OrleansGeo.Tests.Samples.Sagas;

[GenerateSerializer]
[Alias("sample.walletstate")]
public sealed class WalletState
{
    [Id(0)]
    public List<string> Paid { get; set; } = [];
}
