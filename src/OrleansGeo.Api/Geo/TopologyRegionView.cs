namespace OrleansGeo.Api.Geo;

/// <summary>A region of the world.</summary>
/// <param name="Name">The region.</param>
/// <param name="State"><c>up</c> or <c>down</c>, as seen from here.</param>
/// <param name="Lease"><c>held</c> or <c>none</c>: whether it may act as home, as far as is known here.</param>
/// <param name="Generation">The lease generation that the topology knows; 0 for none yet.</param>
/// <param name="Mode"><c>normal</c>, <c>drained</c> or <c>restoring</c>: what operators want of it; <c>leaving</c>: it stops.</param>
internal sealed record TopologyRegionView(string Name, string State, string Lease, long Generation, string Mode);
