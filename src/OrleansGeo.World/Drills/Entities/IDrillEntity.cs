using Orleans.Concurrency;

namespace OrleansGeo.World.Drills.Entities;

/// <summary>Remembers which sequence numbers it was told, so that a drill can tell whether one is missing or was counted twice.</summary>
[Alias("orleansgeo.drill"), GrainInterfaceType("orleansgeo.drill")]
internal interface IDrillEntity : IGrainWithStringKey
{
    /// <summary>Records a number of a writer; recording it again shows as such.</summary>
    /// <returns>How many were recorded in all.</returns>
    [Alias("record")]
    ValueTask<long> Record(string writer, long sequence);

    /// <summary>Everything that was recorded.</summary>
    [ReadOnly, Alias("view")]
    ValueTask<DrillView> View();
}
