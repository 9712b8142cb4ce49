namespace OrleansGeo.Operations;

/// <summary>Kinds of <see cref="GeoEvent"/>.</summary>
public enum GeoEventType
{
    /// <summary>A new topology is known.</summary>
    Topology,

    /// <summary>A region acquired its lease.</summary>
    LeaseAcquired,

    /// <summary>A region lost its lease, gave it up, or was seen to have let it run out.</summary>
    LeaseLost,

    /// <summary>A shard serves at a new home after a forced promotion.</summary>
    Promoted,

    /// <summary>A shard serves at a new home after a planned hand-over.</summary>
    HandedOver,

    /// <summary>The link to a region went up or down.</summary>
    Link,

    /// <summary>The replication lag of a region changed much.</summary>
    Lag,

    /// <summary>Acknowledged writes were left behind, or are suspected to be.</summary>
    LostWrites,

    /// <summary>A region started with a store that is older than what the others know of it.</summary>
    StoreWentBack,
}
