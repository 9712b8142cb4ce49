namespace OrleansGeo.Api.Geo;

/// <summary>What was decided about a region. The moves follow.</summary>
/// <param name="Region">The region.</param>
/// <param name="Verb"><c>drain</c>, <c>restore</c> or <c>failover</c>.</param>
/// <param name="Decided">What happens now, in words.</param>
/// <param name="Topology">Where the homes can be seen moving.</param>
/// <param name="Events">Where every move is told.</param>
internal sealed record RegionVerbView(string Region, string Verb, string Decided, string Topology, string Events);
