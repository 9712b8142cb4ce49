namespace OrleansGeo.Runtime.Shards.Moves;

/// <summary>How far a move has come.</summary>
internal enum MoveStep
{
    /// <summary>The entity left, on a majority of regions.</summary>
    Left,

    /// <summary>It arrived, on a majority of regions.</summary>
    Arrived,

    /// <summary>The shard of its key says so, on a majority of regions.</summary>
    Pointed,
}
