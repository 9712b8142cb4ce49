namespace OrleansGeo.Protocol.Seats;

/// <summary>An open replica, as its seat looks at it.</summary>
internal interface ISeatReplica
{
    /// <summary>The epoch of the home that it was last told where the log stands by; 0: by none since it was opened.</summary>
    long VerifiedEpoch { get; }
}
