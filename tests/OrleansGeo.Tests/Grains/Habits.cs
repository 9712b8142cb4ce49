using Orleans.Runtime;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

[GrainType("test.habits")]
[GeoGrain(Durability.Quorum)]
public sealed class Habits([PersistentState("habits", "geo")] IPersistentState<LedgerState> habits) : Grain, IHabits
{
    public async Task<int> AppendAndDeactivate(string text)
    {
        habits.State.Lines.Add(text);
        await habits.WriteStateAsync();
        DeactivateOnIdle();
        return habits.State.Lines.Count;
    }

    public Task<string?> Context(string key) => Task.FromResult(RequestContext.Get(key) as string);

    public Task<string?> ContextInRead(string key) => Context(key);

    public Task CallInBackground(string diary, string text, string barrier)
    {
        _ = LaterAsync(GrainFactory.GetGrain<IDiary>(diary));
        return Task.CompletedTask;

        async Task LaterAsync(IDiary other)
        {
            await Barriers.Of(barrier).PassAsync();
            await other.Append(text);
        }
    }

    public Task CallInTicks(string diary, string key, string text, string barrier)
    {
        this.RegisterGrainTimer(
            async () =>
            {
                using (GeoSession.Begin(new() { RequestKey = key }))
                {
                    await GrainFactory.GetGrain<IDiary>(diary).Append(text);
                }

                await Barriers.Of(barrier).PassAsync();
            },
            new() { DueTime = TimeSpan.Zero, Period = TimeSpan.FromMilliseconds(10) });
        return Task.CompletedTask;
    }

    public Task<string[]> Read() => Task.FromResult(habits.State.Lines.ToArray());
}
