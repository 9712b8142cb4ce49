namespace OrleansGeo.Protocol.Logs;

/// <summary>What an entry does.</summary>
internal enum EntryKind : byte
{
    /// <summary>A request's changed states and its answer.</summary>
    Write = 1,

    /// <summary>Every region forgets the request ids up to a position.</summary>
    Evict = 2,

    /// <summary>The first entry of an epoch.</summary>
    EpochStart = 3,
}
