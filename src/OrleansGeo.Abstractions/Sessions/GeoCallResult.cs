using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo;

/// <summary>What came back with the answer of a call.</summary>
/// <param name="Home">The home of the entity's shard, as the region that answered knew it.</param>
/// <param name="Epoch">The epoch of that home.</param>
/// <param name="ServedBy">The region that answered.</param>
/// <param name="Version">The version of the entity's record that the answer is based on; for a write, the one that it made, however late it is repeated and wherever the entity is by then.</param>
/// <param name="Staleness">For a read: an upper bound on how old the data is. Zero at the home; null when not known.</param>
public readonly record struct GeoCallResult(RegionId Home, long Epoch, RegionId ServedBy, RecordVersion Version, TimeSpan? Staleness)
{
    /// <summary>Whether the home answered, as the region that answered knew it; otherwise a replica did.</summary>
    public bool ServedByHome => Home == ServedBy;

    /// <summary>How often the entity had been moved to another shard, when it had that version. Versions of different moves cannot be compared: they are of different logs.</summary>
    public long Moves { get; init; }

    /// <summary>Names the entity's state as no other does: the version and, of an entity that was moved, how often.</summary>
    public string Tag => Moves == 0 ? Version.ToString() : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Version}.{Moves}");
}
