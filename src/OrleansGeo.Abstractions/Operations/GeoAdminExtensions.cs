namespace OrleansGeo.Operations;

/// <summary>Operators' verbs by a grain's reference and a region's name.</summary>
public static class GeoAdminExtensions
{
    /// <inheritdoc cref="IGeoAdmin.PinAsync"/>
    public static Task<EntityLocation> PinAsync(this IGeoAdmin admin, IAddressable grain, string region, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(admin);
        return admin.PinAsync(grain.GetGrainId(), new RegionId(region), cancellationToken);
    }

    /// <inheritdoc cref="IGeoAdmin.UnpinAsync"/>
    public static Task<EntityLocation> UnpinAsync(this IGeoAdmin admin, IAddressable grain, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(admin);
        return admin.UnpinAsync(grain.GetGrainId(), cancellationToken);
    }

    /// <inheritdoc cref="IGeoAdmin.LocateAsync"/>
    public static Task<EntityLocation> LocateAsync(this IGeoAdmin admin, IAddressable grain, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(admin);
        return admin.LocateAsync(grain.GetGrainId(), cancellationToken);
    }
}
