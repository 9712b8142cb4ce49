using System.Collections.Immutable;

namespace OrleansGeo.Operations;

/// <summary>The homes of the world at one moment, as one region knew them.</summary>
/// <param name="Version">Rises with every change. 0: no majority of regions has decided one yet.</param>
/// <param name="Regions">The regions as seen from there.</param>
/// <param name="Shards">The shards and their homes, without the rows of multi-writer entities, whose homes never change.</param>
public sealed record WorldSnapshot(long Version, ImmutableArray<RegionStatus> Regions, ImmutableArray<ShardStatus> Shards);
