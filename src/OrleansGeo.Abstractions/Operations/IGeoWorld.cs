using System.Collections.Immutable;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Operations;

/// <summary>What this process knows of the world: for operators, health checks and the web API.</summary>
public interface IGeoWorld
{
    /// <summary>The region of this process.</summary>
    RegionId Region { get; }

    /// <summary>The version of the topology that this process knows: it rises whenever a home, a lease or an operator's wish changes. 0: no majority of regions has decided one yet.</summary>
    long TopologyVersion { get; }

    /// <summary>Every region of the world, in its order.</summary>
    ImmutableArray<RegionId> Regions { get; }

    /// <summary>All homes and regions, at one moment.</summary>
    WorldSnapshot TakeSnapshot();

    /// <summary>Where an entity is at home, from memory: of one that was moved, as far as this process has heard (<see cref="IGeoAdmin.LocateAsync"/>). Null when its grain type is not a geo grain.</summary>
    EntityLocation? Locate(GrainId entity);

    /// <summary>Whether writes succeed through this region now: those of each family of shards apart, because a region that is cut off may still take some.</summary>
    ImmutableArray<FamilyStatus> GetFamilies();

    /// <summary>Every region as seen from here.</summary>
    ImmutableArray<RegionStatus> GetRegions();
}
