namespace OrleansGeo.World.Drills;

/// <summary>What a drill does to a region.</summary>
internal enum DrillKind
{
    /// <summary>Ends its process at once, as the loss of a region would.</summary>
    Kill,

    /// <summary>Cuts it off from all others, both ways.</summary>
    Partition,

    /// <summary>Moves its homes away and back, planned.</summary>
    Switchover,
}
