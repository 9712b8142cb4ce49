using OrleansGeo.Crdts;

namespace OrleansGeo.Api.Sets;

/// <inheritdoc cref="ISet"/>
[GrainType(Type), GeoGrain(Durability.Region, MultiWriter = true)]
internal sealed class Set([PersistentState("set", "geo")] IPersistentState<ObservedRemoveSet> set) : Grain, ISet
{
    public const string Type = "set";

    public ValueTask<string[]> Get() => new([.. set.State.Members]);

    public async ValueTask Add(string member)
    {
        set.State.Add(member);
        await set.WriteStateAsync();
    }

    public async ValueTask<bool> Remove(string member)
    {
        var isRemoved = set.State.Remove(member);
        await set.WriteStateAsync();
        return isRemoved;
    }
}
