namespace OrleansGeo.Operations;

/// <summary>How a region goes away for a while, and comes back. Every host of a silo does so by itself when it stops, and when it has started (<c>ShutdownOptions</c>).</summary>
public interface IRegionPresence
{
    /// <summary>Moves every home of this region to others, planned: no request fails, nothing is lost. Until it returns, nothing comes back. Completes when none is left. Can be repeated.</summary>
    /// <exception cref="GeoException">
    /// <see cref="GeoErrorCode.LastRegion"/>: no other region can be home. Nothing happened.
    /// <see cref="GeoErrorCode.RegionIsolated"/>: this region holds no lease, or all that could take its homes were lost meanwhile, for as long as a lease. The others promote what is left.
    /// </exception>
    /// <exception cref="OperationCanceledException">The caller did not wait longer. What did not move yet still may.</exception>
    Task LeaveAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The region has started: it gets its homes back as soon as it has caught up. Nothing happens if it did not leave; one that an operator drained stays drained.
    /// Completes when that is decided, which takes a majority of regions.
    /// </summary>
    Task ReturnAsync(CancellationToken cancellationToken);
}
