namespace OrleansGeo.Runtime.Gates;

/// <summary>What runs inside the gate.</summary>
internal enum TurnKind : byte
{
    /// <summary>A request that may write. Its writes and its answer become one entry.</summary>
    Write,

    /// <summary>A <c>[ReadOnly]</c> request.</summary>
    Read,

    /// <summary>A timer's tick, an activation or a deactivation: what it writes is an entry at once, durable when the write completes.</summary>
    Plain,
}
