using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.World;

/// <summary>An entity that was pinned to a region.</summary>
/// <param name="Entity">The entity.</param>
/// <param name="Region">The region that it was pinned to. It is at home there unless that region's homes are elsewhere now.</param>
/// <param name="Shard">The shard that it is in.</param>
/// <param name="Home">That shard's home now.</param>
/// <param name="Moves">How often it was moved.</param>
/// <param name="IsFollowing">It followed those who write it; nobody pinned it.</param>
public sealed record EntityPin(GrainId Entity, RegionId Region, ShardId Shard, HomeAssignment Home, long Moves, bool IsFollowing);
