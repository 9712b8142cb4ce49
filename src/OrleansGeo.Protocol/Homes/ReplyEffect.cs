namespace OrleansGeo.Protocol.Homes;

/// <summary>What a reply means for the home itself.</summary>
internal enum ReplyEffect
{
    None,

    /// <summary>Another home has a higher epoch: this one must stop.</summary>
    Fenced,

    /// <summary>A replica holds entries of this epoch that the home does not: the home's store went back in time. It must stop and be promoted afresh.</summary>
    StoreWentBack,

    /// <summary>The replica cannot read what it was sent, and has not stored it. Nothing is sent to it until <see cref="HomeLog.Restart"/>; try that now and then.</summary>
    Refused,
}
