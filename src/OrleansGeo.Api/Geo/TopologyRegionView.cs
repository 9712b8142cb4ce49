namespace OrleansGeo.Api.Geo;

/// <summary>A region of the world and its state as seen from here: <c>up</c> or <c>down</c>.</summary>
public sealed record TopologyRegionView(string Name, string State);
