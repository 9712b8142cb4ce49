using Orleans.Concurrency;

namespace OrleansGeo.Api.Sets;

/// <summary>A set that every region changes at once; an add wins over a remove that had not seen it.</summary>
[Alias("orleansgeo.set"), GrainInterfaceType("orleansgeo.set")]
internal interface ISet : IGrainWithStringKey
{
    [ReadOnly, Alias("get")]
    ValueTask<string[]> Get();

    [Alias("add")]
    ValueTask Add(string member);

    /// <returns>False: it is no member, as this region sees it.</returns>
    [Alias("remove")]
    ValueTask<bool> Remove(string member);
}
