namespace OrleansGeo.Protocol.Homes;

/// <summary>What a reply means for the home itself.</summary>
public enum ReplyEffect
{
    None,

    /// <summary>Another home has a higher epoch: this one must stop.</summary>
    Fenced,

    /// <summary>A replica holds entries of this epoch that the home does not: the home's store went back in time. It must stop and be promoted afresh.</summary>
    StoreWentBack,
}
