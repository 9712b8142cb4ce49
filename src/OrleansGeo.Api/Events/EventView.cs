namespace OrleansGeo.Api.Events;

/// <summary>The data of one server-sent event.</summary>
/// <param name="Id">Rises by one with every event of the process that answers: a gap means that some were missed.</param>
/// <param name="At">When, by that machine's clock.</param>
/// <param name="Type">What kind, as in the event's name.</param>
/// <param name="Region">The region that it is about.</param>
/// <param name="Shard">The shard that it is about; null for none.</param>
/// <param name="Epoch">The epoch; null for none.</param>
/// <param name="Text">In words.</param>
internal sealed record EventView(long Id, DateTimeOffset At, string Type, string Region, string? Shard, long? Epoch, string Text);
