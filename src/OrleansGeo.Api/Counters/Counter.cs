using OrleansGeo.Crdts;

namespace OrleansGeo.Api.Counters;

/// <inheritdoc cref="ICounter"/>
[GrainType(Type), GeoGrain(Durability.Region, MultiWriter = true)]
internal sealed class Counter([PersistentState("counter", "geo")] IPersistentState<PNCounter> counter) : Grain, ICounter
{
    public const string Type = "counter";

    public ValueTask<Int128> Get() => new(counter.State.Value);

    public async ValueTask<Int128> Add(long amount)
    {
        if (amount < 0)
        {
            counter.State.Decrement(-amount);
        }
        else
        {
            counter.State.Increment(amount);
        }

        await counter.WriteStateAsync();
        return counter.State.Value;
    }
}
