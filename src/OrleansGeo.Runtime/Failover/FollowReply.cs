namespace OrleansGeo.Runtime.Failover;

/// <summary>What a region's control plane tells its silos and clients.</summary>
/// <param name="Version">The version of the topology that it knows.</param>
/// <param name="Topology">That topology, if it is newer than the asker's.</param>
/// <param name="Generation">The lease generation; 0: the region holds no lease.</param>
/// <param name="RemainingMs">How long the lease still lasts. The asker counts from when it asked.</param>
/// <param name="Regions">Every region's lease, in the world's order.</param>
/// <param name="IsTrusted">The region's store is known to hold all that it held.</param>
/// <param name="OwnsRows">Its own rows of multi-writer entities may be opened.</param>
/// <param name="MayShow">What its store holds may be shown: it is trusted, or there is evidence that it is as it was left and the others were not heard yet.</param>
/// <param name="Taken">Homes that the asking silo has no more: another silo of the region begins them. It closes them before it asks again.</param>
/// <param name="TakenNumber">What it says of them when it asks again.</param>
/// <param name="Run">Which run of the control plane this is: another one knows nothing of who has which row. 0: of an earlier version.</param>
/// <param name="IsForced">The store is trusted because its operator says so, not because it is known to hold all that it held.</param>
[GenerateSerializer, Immutable, Alias("orleansgeo.followreply")]
internal sealed record FollowReply(
    [property: Id(0)] long Version,
    [property: Id(1)] byte[]? Topology,
    [property: Id(2)] long Generation,
    [property: Id(3)] double RemainingMs,
    [property: Id(4)] RegionHealth[] Regions,
    [property: Id(5)] bool IsTrusted,
    [property: Id(6)] bool OwnsRows = false,
    [property: Id(7)] bool MayShow = false,
    [property: Id(8)] string[]? Taken = null,
    [property: Id(9)] long TakenNumber = 0,
    [property: Id(10)] long Run = 0,
    [property: Id(11)] bool IsForced = false);
