namespace OrleansGeo.Api.Geo;

/// <summary>Where an entity is at home.</summary>
internal sealed record HomeView(string Entity, string Shard, string Home, long Epoch, bool Pinned);
