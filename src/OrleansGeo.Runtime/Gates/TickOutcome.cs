namespace OrleansGeo.Runtime.Gates;

/// <summary>What became of a timer's tick.</summary>
internal enum TickOutcome : byte
{
    /// <summary>It ran; or it never will on this object, whose successor has timers of its own.</summary>
    Over,

    /// <summary>The entity moves, or its shard cannot be had at this moment.</summary>
    NotNow,

    /// <summary>The entity is not at home here. It may come back, and be served by the same object.</summary>
    Away,
}
