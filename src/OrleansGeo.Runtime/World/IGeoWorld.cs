using System.Collections.Immutable;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.World;

/// <summary>What this process knows of the world: for operators, health checks and the web API.</summary>
public interface IGeoWorld
{
    /// <summary>The region of this process.</summary>
    RegionId Region { get; }

    /// <summary>The last known topology.</summary>
    WorldTopology Topology { get; }

    /// <summary>Where an entity is at home, from memory: of one that was moved, as far as this process has heard (<see cref="IGeoAdmin.LocateAsync"/>). Null when its grain type is not a geo grain.</summary>
    EntityLocation? Locate(GrainId entity);

    /// <summary>Whether writes succeed through this region now: those of each family of shards apart, because a region that is cut off may still take some.</summary>
    ImmutableArray<FamilyStatus> GetFamilies();

    /// <summary>Every region as seen from here.</summary>
    ImmutableArray<RegionStatus> GetRegions();
}
