using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Operations;

/// <summary>An entity that was pinned to a region.</summary>
/// <param name="Entity">The entity.</param>
/// <param name="Region">The region that it was pinned to. It is at home there unless that region's homes are elsewhere now.</param>
/// <param name="Shard">The shard that it is in.</param>
/// <param name="Home">That shard's home now.</param>
/// <param name="Moves">How often it was moved.</param>
/// <param name="IsFollowing">True: it followed its writers there by itself (<see cref="GeoGrainAttribute.FollowWriters"/>). False: <see cref="IGeoAdmin.PinAsync"/> moved it there.</param>
public sealed record EntityPin(GrainId Entity, RegionId Region, ShardId Shard, HomeAssignment Home, long Moves, bool IsFollowing);
