using System.Collections.Immutable;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Operations;

/// <summary>What forced promotions left behind, over all regions.</summary>
/// <param name="Items">Oldest first, by region.</param>
/// <param name="Suspected">What a region may have acknowledged that has not come back yet.</param>
/// <param name="Unreachable">Regions that did not answer within a second: their ledgers are not in the list.</param>
public sealed record LostWrites(ImmutableArray<LostWrite> Items, ImmutableArray<SuspectedLoss> Suspected, ImmutableArray<RegionId> Unreachable);
