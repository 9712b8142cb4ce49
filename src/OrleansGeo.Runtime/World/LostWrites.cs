using System.Collections.Immutable;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.World;

/// <summary>What forced promotions left behind, over all regions.</summary>
/// <param name="Items">Oldest first, by region.</param>
/// <param name="Suspected">What a region may have acknowledged that has not come back yet.</param>
/// <param name="Unreachable">Regions whose ledger could not be read now.</param>
public sealed record LostWrites(ImmutableArray<LostWrite> Items, ImmutableArray<SuspectedLoss> Suspected, ImmutableArray<RegionId> Unreachable);
