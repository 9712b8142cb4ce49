namespace OrleansGeo.Protocol.Ledgers;

/// <summary>What became of a lost write.</summary>
public enum LostWriteState : byte
{
    /// <summary>No operator has decided on it, and no repeat of its request is known.</summary>
    Lost = 0,

    /// <summary>An operator wrote it again.</summary>
    Replayed = 1,

    /// <summary>An operator decided that it is not needed.</summary>
    Discarded = 2,

    /// <summary>The surviving log has its request id: its caller repeated it, and it took effect.</summary>
    Superseded = 3,
}
