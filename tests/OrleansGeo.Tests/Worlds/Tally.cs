using Orleans.Runtime;
using OrleansGeo.Crdts;

namespace OrleansGeo.Tests.Worlds;

[GrainType("test.tally")]
[GeoGrain(Durability.Region, MultiWriter = true)]
public sealed class Tally(
    [PersistentState("count", "geo")] IPersistentState<PNCounter> count,
    [PersistentState("members", "geo")] IPersistentState<ObservedRemoveSet> members,
    [PersistentState("fields", "geo")] IPersistentState<LastWriterWinsMap> fields) : Grain, ITally
{
    public async Task Add(long amount)
    {
        if (amount < 0)
        {
            count.State.Decrement(-amount);
        }
        else
        {
            count.State.Increment(amount);
        }

        await count.WriteStateAsync();
    }

    public async Task Join(string member)
    {
        members.State.Add(member);
        await members.WriteStateAsync();
        count.State.Increment();
        await count.WriteStateAsync();
    }

    public async Task<bool> Leave(string member)
    {
        var left = members.State.Remove(member);
        await members.WriteStateAsync();
        return left;
    }

    public Task Set(string field, string value)
    {
        fields.State.Set(field, value);
        return fields.WriteStateAsync();
    }

    public Task<long> Count() => Task.FromResult((long)count.State.Value);

    public Task<string[]> Members() => Task.FromResult(members.State.Members.ToArray());

    public Task<string?> Field(string field) => Task.FromResult(fields.State[field]);

    public Task<long> Overruled() => Task.FromResult(fields.State.Overruled);
}
