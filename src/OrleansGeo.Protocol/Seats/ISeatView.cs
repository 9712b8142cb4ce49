using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Seats;

/// <summary>What a seat sees of the world around it. Facts only: what follows from them is the seat's to say.</summary>
internal interface ISeatView
{
    /// <summary>The newest topology that was decided, as far as it is known here.</summary>
    WorldTopology Decided { get; }

    /// <summary>The highest epoch of the shard that anybody spoke of, decided or not.</summary>
    long KnownEpoch { get; }

    /// <summary>The generation of the lease under which this region may act now: held, and named by the topology. 0: none.</summary>
    long Generation { get; }

    /// <summary>
    /// Whether this region's store is known to hold all that it held. A start proves nothing of it: until it is known, a home begins only under an epoch that was allotted in this run,
    /// with what others hold.
    /// </summary>
    bool IsStoreProven { get; }

    /// <summary>Whether the store counts where a home asks what others hold: it is proven, or its operator has it taken for that.</summary>
    bool IsStoreTrusted { get; }

    /// <summary>Whether this region's rows may be opened: its store is trusted, or promised to go on under epochs that no store has seen.</summary>
    bool OwnsRows { get; }

    /// <summary>Whether the lease under which the topology knows the region has surely ended, and its generation.</summary>
    bool HasEnded(RegionId region, out long generation);

    /// <summary>Whether the region can be home now.</summary>
    bool IsEligible(RegionId region);

    /// <summary>Whether a message would reach the region now.</summary>
    bool IsLinked(RegionId region);

    /// <summary>Until when, by this region's clock, nobody else can have been home of what this region was home of under a generation; null: not known any more.</summary>
    TimeSpan? ActedUntilUnder(long generation);
}
