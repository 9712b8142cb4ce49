namespace OrleansGeo.Runtime.Failover;

/// <summary>What became of replaying a lost write.</summary>
internal enum ReplayOutcome : byte
{
    Replayed = 0,

    /// <summary>The surviving log has its request: it took effect when its caller repeated it.</summary>
    Superseded = 1,

    /// <summary>The entity was written since.</summary>
    Changed = 2,

    /// <summary>The shard is not at home there, or not now.</summary>
    NotNow = 3,

    /// <summary>There is no such lost write.</summary>
    Unknown = 4,

    /// <summary>The entity was moved to another shard since.</summary>
    Moved = 5,
}
