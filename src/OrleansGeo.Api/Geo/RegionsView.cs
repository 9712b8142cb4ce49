using System.Collections.Immutable;

namespace OrleansGeo.Api.Geo;

/// <summary>Every region as seen from one.</summary>
/// <param name="Region">The region that answers.</param>
/// <param name="Regions">Every region, itself included, in the world's order.</param>
internal sealed record RegionsView(string Region, ImmutableArray<RegionView> Regions);
