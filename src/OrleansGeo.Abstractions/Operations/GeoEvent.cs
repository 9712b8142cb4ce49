namespace OrleansGeo.Operations;

/// <summary>Something that happened to the world, as one region saw it.</summary>
/// <param name="Id">Rises by one with every event of this process.</param>
/// <param name="At">When, by this machine's clock: for people, never compared.</param>
/// <param name="Type">What kind.</param>
/// <param name="Region">The region that it is about.</param>
/// <param name="Shard">The shard that it is about, if one.</param>
/// <param name="Epoch">The epoch, if one.</param>
/// <param name="Text">In words.</param>
public sealed record GeoEvent(long Id, DateTimeOffset At, GeoEventType Type, string Region, string? Shard, long? Epoch, string Text);
