namespace OrleansGeo.Protocol.Sessions;

/// <summary>What a copy of a shard's log means to a session that has seen an entry of it.</summary>
internal enum FloorVerdict
{
    /// <summary>It shows that entry: what is read there is no older than what the session saw.</summary>
    Satisfied = 0,

    /// <summary>It does not show that entry yet, or does not know its epoch yet.</summary>
    NotYet = 1,

    /// <summary>A later epoch begins at or before that entry without it: the entry is lost.</summary>
    Lost = 2,
}
