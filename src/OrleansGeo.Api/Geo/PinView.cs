namespace OrleansGeo.Api.Geo;

/// <summary>A pinned entity.</summary>
/// <param name="Entity">Grain type and key.</param>
/// <param name="Region">Where it was pinned to.</param>
/// <param name="Shard">The shard that it is in.</param>
/// <param name="Home">That shard's home now.</param>
/// <param name="Moves">How often it was moved.</param>
/// <param name="Following">It followed those who write it; nobody pinned it.</param>
internal sealed record PinView(string Entity, string Region, string Shard, string Home, long Moves, bool Following);
