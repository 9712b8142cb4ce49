using Orleans.Concurrency;
using Orleans.Runtime;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

[GrainType(Type)]
[GeoGrain(Durability.Quorum, AllowInterleavedWrites = true)]
[Reentrant]
public sealed class Hall([PersistentState("hall", "geo")] IPersistentState<LedgerState> hall, CallLog log) : Grain, IHall
{
    public const string Type = "test.hall";

    private readonly List<string> _kept = [];

    public async Task<int> Append(string text)
    {
        hall.State.Lines.Add(text);
        await hall.WriteStateAsync();
        return hall.State.Lines.Count;
    }

    public async Task<int> AppendThenStopThenAppend(string first, string barrier, string second)
    {
        await Append(first);
        await Barriers.Of(barrier).PassAsync();
        return await Append(second);
    }

    public async Task StopThenKeep(string barrier, string text)
    {
        await Barriers.Of(barrier).PassAsync();
        _kept.Add(text);
    }

    public async Task<int> StopThenAppendThrough(string barrier, string other, string text)
    {
        await Barriers.Of(barrier).PassAsync();
        return await GrainFactory.GetGrain<IHall>(other).AppendTo(this.GetPrimaryKeyString(), text);
    }

    public Task<int> AppendTo(string other, string text) => GrainFactory.GetGrain<IHall>(other).Append(text);

    public Task<string[]> Read() => Task.FromResult(hall.State.Lines.ToArray());

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        log.Calls.Enqueue($"hall {this.GetPrimaryKeyString()} ends");
        if (_kept.Count > 0)
        {
            hall.State.Lines.AddRange(_kept);
            await hall.WriteStateAsync(cancellationToken);
            _kept.Clear();
        }
    }
}
