namespace OrleansGeo.Protocol.Homes;

/// <summary>What ended a home.</summary>
internal enum HomeEndCause
{
    /// <summary>It was told to: by its seat, or by a fault of its shell.</summary>
    Closed,

    /// <summary>Another home has a higher epoch, or another activation wrote under this one.</summary>
    Superseded,

    /// <summary>Its region might not act any more when something was to be acknowledged. Durable or not, another region may be home by now: the callers repeat, and that one knows what took effect.</summary>
    LostLease,

    /// <summary>A replica has entries of this epoch that the own store does not.</summary>
    StoreWentBack,

    /// <summary>What the own store has of the shard is damaged: a region that has the log whole is to be home, and the callers repeat there.</summary>
    Damaged,

    /// <summary>The row that is next does not fit into the own store, and never will: the requests come again, in other rows.</summary>
    RowTooLarge,
}
