using System.Collections.Immutable;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Operations;

/// <summary>What operators do to a world, from any region. Every verb can be repeated; two operators at once are put in order by the topology's register.</summary>
/// <exception cref="GeoException">Every method: <see cref="GeoErrorCode.RegionIsolated"/> when no majority of regions decides within the deadline.</exception>
public interface IGeoAdmin
{
    /// <summary>Moves every home away from a region, planned: no request fails, nothing is lost. Until it is restored, nothing comes back. Completes when that is decided; the moves follow.</summary>
    /// <exception cref="GeoException"><see cref="GeoErrorCode.UnknownRegion"/>; <see cref="GeoErrorCode.LastRegion"/>: no other region can be home.</exception>
    Task DrainAsync(RegionId region, CancellationToken cancellationToken = default);

    /// <summary>Gives a region its preferred homes back, planned, as soon as it has caught up.</summary>
    /// <exception cref="GeoException"><see cref="GeoErrorCode.UnknownRegion"/>.</exception>
    Task RestoreAsync(RegionId region, CancellationToken cancellationToken = default);

    /// <summary>
    /// Forced: the region's homes are promoted elsewhere, without waiting for what it has not replicated. A region that is alive gives its lease up
    /// first; one that cannot be reached is waited for until its lease has run out. It stays drained until it is restored. Completes when that is decided.
    /// </summary>
    /// <exception cref="GeoException"><see cref="GeoErrorCode.UnknownRegion"/>; <see cref="GeoErrorCode.LastRegion"/>: no other region can be home.</exception>
    Task FailoverAsync(RegionId region, CancellationToken cancellationToken = default);

    /// <summary>
    /// Moves one entity to a region's own shards, online: it is at home there from then on, wherever its key belongs. Requests to other entities do not wait; a request that meets the move
    /// waits for it. What was remembered of its requests, its reminders, and what sessions have seen of it go along. Completes when it is there. Needs a majority of regions.
    /// </summary>
    /// <exception cref="GeoException">
    /// <see cref="GeoErrorCode.UnknownRegion"/>; <see cref="GeoErrorCode.Draining"/>; <see cref="GeoErrorCode.HomeUnavailable"/>: the region is down, or not home of its shards now;
    /// <see cref="GeoErrorCode.InvalidArgument"/>: not a geo grain, a multi-writer entity, or a region that is home of nothing;
    /// <see cref="GeoErrorCode.DeadlineExceeded"/>: it may have begun, and then the next request to the entity finishes it.
    /// </exception>
    Task<EntityLocation> PinAsync(GrainId entity, RegionId region, CancellationToken cancellationToken = default);

    /// <summary>Moves an entity back to the shard of its key. Nothing happens if it is there.</summary>
    /// <exception cref="GeoException"><see cref="GeoErrorCode.InvalidArgument"/>; <see cref="GeoErrorCode.DeadlineExceeded"/>, as of <see cref="PinAsync"/>.</exception>
    Task<EntityLocation> UnpinAsync(GrainId entity, CancellationToken cancellationToken = default);

    /// <summary>Where an entity is, as this region knows by now.</summary>
    /// <exception cref="GeoException"><see cref="GeoErrorCode.InvalidArgument"/>: not a geo grain; <see cref="GeoErrorCode.HomeUnavailable"/>: its shard is changing its role here.</exception>
    Task<EntityLocation> LocateAsync(GrainId entity, CancellationToken cancellationToken = default);

    /// <summary>The entities that are pinned, a page, as this region knows by now.</summary>
    /// <param name="after">Where the page before ended (<see cref="EntityPins.Next"/>); null: from the beginning.</param>
    /// <param name="count">How many, 1 to 1000.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <exception cref="GeoException"><see cref="GeoErrorCode.InvalidArgument"/>: a page of no size that there is.</exception>
    Task<EntityPins> GetPinsAsync(GrainId? after = null, int count = 100, CancellationToken cancellationToken = default);

    /// <summary>
    /// The ledgers of all regions as each has it, and what is suspected of those that cannot be reached. Within a second: a region that has not answered by then is named, and its ledger
    /// is not in the list. What became of a lost write, or of a suspicion, the regions find out in the background.
    /// </summary>
    Task<LostWrites> GetLostWritesAsync(CancellationToken cancellationToken = default);

    /// <summary>Writes the states of a lost write to its entity, as they were. Refused if the entity was written since, unless <paramref name="overwrite"/>.</summary>
    /// <exception cref="GeoException"><see cref="GeoErrorCode.UnknownLostWrite"/>; <see cref="GeoErrorCode.EntityChanged"/>.</exception>
    Task<LostWrite> ReplayAsync(string id, bool overwrite, CancellationToken cancellationToken = default);

    /// <summary>Marks a lost write as not needed. It stays in the ledger.</summary>
    /// <exception cref="GeoException"><see cref="GeoErrorCode.UnknownLostWrite"/>.</exception>
    Task<LostWrite> DiscardAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>What happens from now on, as this region sees it. A reader that is too slow misses the oldest.</summary>
    IAsyncEnumerable<GeoEvent> WatchAsync(CancellationToken cancellationToken = default);
}
