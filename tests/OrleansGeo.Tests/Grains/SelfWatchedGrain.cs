using Orleans.Runtime;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>Doubles what its writing methods answer, turns what they throw into -1, and refuses negative amounts before they run.</summary>
[GrainType("test.selfwatched")]
[GeoGrain(Durability.Quorum)]
public sealed class SelfWatchedGrain([PersistentState("watched", "geo")] IPersistentState<LedgerState> state, CallLog log) : Grain, ISelfWatchedGrain, IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        log.Calls.Enqueue($"{this.GetPrimaryKeyString()} {context.MethodName}");
        if (context.MethodName == nameof(Add) && (int)context.Request.GetArgument(0)! < 0)
        {
            throw new UnauthorizedAccessException("Negative amounts are not allowed here.");
        }

        try
        {
            await context.Invoke();
            if (context is { MethodName: nameof(Add), Result: int total })
            {
                context.Result = 2 * total;
            }
        }
        catch (InvalidTimeZoneException)
        {
            context.Result = -1;
        }
    }

    public async Task<int> Add(int amount)
    {
        state.State.Padding = new byte[state.State.Padding.Length + amount];
        await state.WriteStateAsync();
        return state.State.Padding.Length;
    }

    public async Task<int> Throw(string text)
    {
        await Add(1);
        throw new InvalidTimeZoneException(text);
    }

    public Task Reset() => state.ClearStateAsync();

    public Task<int> AddTo(string other, int amount) => GrainFactory.GetGrain<ISelfWatchedGrain>(other).Add(amount);

    public Task<int> Total() => Task.FromResult(state.State.Padding.Length);
}
