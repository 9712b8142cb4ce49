namespace OrleansGeo.Protocol.Seats;

/// <summary>What a seat's steps wait for.</summary>
internal enum SeatWait
{
    /// <summary>The outcome of the effect that was asked for.</summary>
    Outcome,

    /// <summary>Any input, or a time.</summary>
    News,

    /// <summary>Other steps, which were begun or have ended.</summary>
    Steps,
}
