using Orleans.Providers;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

[GrainType("test.wallet")]
[GeoGrain(Durability.Quorum)]
[StorageProvider(ProviderName = "geo")]
public sealed class Wallet : Grain<LedgerState>, IWallet
{
    private int _count;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _count = State.Lines.Count;
        return Task.CompletedTask;
    }

    public async Task<int> Append(string text)
    {
        State.Lines.Add(text);
        await WriteStateAsync();
        return State.Lines.Count;
    }

    public async Task<int> ChangeAndTakeBack(string text)
    {
        State.Lines.Add(text);
        await ReadStateAsync();
        return State.Lines.Count;
    }

    public Task Clear() => ClearStateAsync();

    public Task<string[]> Read() => Task.FromResult(State.Lines.ToArray());

    public Task<int> CountAtActivation() => Task.FromResult(_count);
}
