using Orleans.Concurrency;

namespace OrleansGeo.Api.Maps;

/// <summary>A map of fields that every region writes at once; of concurrent writes of a field the last wins.</summary>
[Alias("orleansgeo.map"), GrainInterfaceType("orleansgeo.map")]
internal interface IMap : IGrainWithStringKey
{
    [ReadOnly, Alias("get")]
    ValueTask<MapContent> Get();

    /// <param name="field">Its name.</param>
    /// <param name="json">Its value, which must have been checked.</param>
    [Alias("put")]
    ValueTask Put(string field, string json);

    /// <returns>False: there is no such field, as this region sees it.</returns>
    [Alias("remove")]
    ValueTask<bool> Remove(string field);
}
