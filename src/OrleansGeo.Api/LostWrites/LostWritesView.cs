using System.Collections.Immutable;
using OrleansGeo.Operations;

namespace OrleansGeo.Api.LostWrites;

/// <summary>What forced promotions left behind, over all regions.</summary>
/// <param name="Items">Lost writes, oldest first, by region.</param>
/// <param name="Suspected">What may be lost with a region that has not come back.</param>
/// <param name="Unreachable">Regions that did not answer within a second: their ledgers are not in the list.</param>
internal sealed record LostWritesView(ImmutableArray<LostWriteView> Items, ImmutableArray<SuspectedLossView> Suspected, ImmutableArray<string> Unreachable);
