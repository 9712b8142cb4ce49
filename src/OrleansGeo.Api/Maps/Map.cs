using OrleansGeo.Crdts;

namespace OrleansGeo.Api.Maps;

/// <inheritdoc cref="IMap"/>
[GrainType(Type), GeoGrain(Durability.Region, MultiWriter = true)]
internal sealed class Map([PersistentState("map", "geo")] IPersistentState<LastWriterWinsMap> map) : Grain, IMap
{
    public const string Type = "map";

    public ValueTask<MapContent> Get()
    {
        var fields = map.State.Fields.ToArray();
        return new(new MapContent(fields, [.. fields.Select(field => map.State[field]!)], map.State.Overruled));
    }

    public async ValueTask Put(string field, string json)
    {
        map.State.Set(field, json);
        await map.WriteStateAsync();
    }

    public async ValueTask<bool> Remove(string field)
    {
        var isRemoved = map.State.Remove(field);
        await map.WriteStateAsync();
        return isRemoved;
    }
}
