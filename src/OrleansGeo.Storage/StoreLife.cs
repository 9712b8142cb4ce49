namespace OrleansGeo.Storage;

/// <summary>Tells a store, and each of its openings, from every other: a store that was replaced, restored or rolled back shows by it.</summary>
/// <param name="Store">Drawn when the store was created.</param>
/// <param name="Opened">How often it has been opened, this time included: durable before <see cref="IRegionStore.OpenAsync"/> completes.</param>
public readonly record struct StoreLife(Guid Store, long Opened);
