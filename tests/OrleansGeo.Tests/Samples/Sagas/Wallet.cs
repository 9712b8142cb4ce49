using Orleans.Runtime;

namespace OrleansGeo.Tests.Samples.Sagas;

[GrainType("sample.wallet")]
[GeoGrain(Durability.Quorum)]
public sealed class Wallet([PersistentState("wallet", "geo")] IPersistentState<WalletState> wallet) : Grain, IWallet
{
    public Task Pay(string order)
    {
        wallet.State.Paid.Add(order);
        return wallet.WriteStateAsync();
    }

    public Task<string[]> Paid() => Task.FromResult(wallet.State.Paid.ToArray());
}
