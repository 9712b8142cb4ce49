using Microsoft.Extensions.Options;
using Orleans.Runtime;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

[GrainType("test.metronome")]
[GeoGrain(Durability.Quorum)]
public sealed class Metronome([PersistentState("metronome", "geo")] IPersistentState<LedgerState> state, IOptions<GeoOptions> geo) : Grain, IMetronome
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(() => TickAsync("own"), new() { DueTime = TimeSpan.Zero, Period = Period });
        return Task.CompletedTask;
    }

    public Task StartInRead(string name, bool isOld)
    {
        if (isOld)
        {
#pragma warning disable CS0618
            RegisterTimer(_ => TickAsync(name), null, TimeSpan.Zero, Period);
#pragma warning restore CS0618
        }
        else
        {
            this.RegisterGrainTimer(() => TickAsync(name), new() { DueTime = TimeSpan.Zero, Period = Period });
        }

        return Task.CompletedTask;
    }

    public async Task Stop(string barrier)
    {
        await GrainFactory.GetGrain<IListener>("metronome").Tell($"{this.GetPrimaryKeyString()} stops");
        await Barriers.Of(barrier).PassAsync();
        await GrainFactory.GetGrain<IListener>("metronome").Tell($"{this.GetPrimaryKeyString()} goes on");
    }

    public Task Wake() => Task.CompletedTask;

    /// <summary>Writes only once, so that what it writes is not what makes it slow.</summary>
    private async Task TickAsync(string name)
    {
        if (!state.RecordExists)
        {
            await state.WriteStateAsync();
        }

        await GrainFactory.GetGrain<IListener>("metronome").Tell($"{this.GetPrimaryKeyString()} {name} {geo.Value.Region}");
    }
}
