namespace OrleansGeo.Protocol.Seats;

/// <summary>The own log cannot be read here: it is of a newer version, or damaged.</summary>
/// <param name="Problem">In words.</param>
internal sealed record SeatUnreadable(string Problem);
