namespace OrleansGeo.Runtime.Failover;

/// <summary>What a region answers of one shard of a batch. A value that is not known here, of a newer version, is a failure like <see cref="Failed"/>.</summary>
internal enum HeadVerdict : byte
{
    /// <summary>Its head.</summary>
    Head = 0,

    /// <summary>Its store has not said yet. It goes on: what was asked for may be done, or still be done. To be asked again soon.</summary>
    NotYet = 1,

    /// <summary>Its store fails, which may pass. To be asked again.</summary>
    Unavailable = 2,

    /// <summary>What its store has of the shard is damaged, which does not pass by itself.</summary>
    Corrupt = 3,

    /// <summary>Something else, such as a bug.</summary>
    Failed = 4,
}
