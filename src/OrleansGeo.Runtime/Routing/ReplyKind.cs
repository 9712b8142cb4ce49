namespace OrleansGeo.Runtime.Routing;

/// <summary>What a reply means to the router.</summary>
internal enum ReplyKind : byte
{
    /// <summary>The method's own answer.</summary>
    Answer = 0,

    /// <summary>The method threw.</summary>
    Thrown = 1,

    /// <summary>A final error; nothing happened.</summary>
    Error = 2,

    /// <summary>Not the home. Nothing happened; try the home.</summary>
    NotHome = 3,

    /// <summary>Not now: the shard is opening, moving, or its store refuses. Nothing happened; try again.</summary>
    NotNow = 4,

    /// <summary>The shard was lost after the request was staged: it may or may not take effect. Repeat it with the same id.</summary>
    Unknown = 5,

    /// <summary>A read: this replica does not show yet what the session has seen. Nothing happened; ask the home.</summary>
    Behind = 6,

    /// <summary>The entity was moved to another shard, or the call has to say what its session saw of that. Nothing happened; ask that shard's home.</summary>
    Moved = 7,

    /// <summary>The activation makes way for another. Nothing happened; ask again at once.</summary>
    Again = 8,
}
