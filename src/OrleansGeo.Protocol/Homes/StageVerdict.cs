namespace OrleansGeo.Protocol.Homes;

/// <summary>What became of a staged request.</summary>
internal enum StageVerdict
{
    /// <summary>It has a position, and will be acknowledged unless the epoch is lost.</summary>
    Staged,

    /// <summary>Another activation of the entity wrote since: load again. Nothing happened.</summary>
    StaleRecord,

    /// <summary>The id was recorded before: answer what was answered then. Nothing happened.</summary>
    Repeated,

    /// <summary>More bytes wait for their acknowledgement than the limit. Nothing happened.</summary>
    TooManyStaged,

    /// <summary>More request ids are remembered than the limit. Nothing happened.</summary>
    TooManyRequests,

    /// <summary>The shard is being handed over to another region. Nothing happened.</summary>
    HandingOver,

    /// <summary>The entity is in another shard: the record says which. Nothing happened.</summary>
    Moved,
}
