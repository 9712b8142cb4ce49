namespace OrleansGeo.Protocol.Seats;

/// <summary>Why an effect failed.</summary>
/// <param name="Problem">In words.</param>
/// <param name="IsDamage">What the store holds of the shard is damaged: that does not pass, and this region cannot be its home.</param>
internal sealed record SeatFailure(string Problem, bool IsDamage);
