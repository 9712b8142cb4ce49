using System.Collections.Immutable;
using OrleansGeo.Abstractions.Errors;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Runtime.World;

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

    /// <summary>The ledgers of every region that can be reached, and what is suspected of those that cannot.</summary>
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
