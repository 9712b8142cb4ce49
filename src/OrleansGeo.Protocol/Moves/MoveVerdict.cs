namespace OrleansGeo.Protocol.Moves;

/// <summary>What a step of a move comes to.</summary>
internal enum MoveVerdict
{
    /// <summary>It is to be staged, or was.</summary>
    Staged = 0,

    /// <summary>It was made before.</summary>
    Done = 1,

    /// <summary>The entity is not there in that generation: another move came before. Nothing happened.</summary>
    Elsewhere = 2,

    /// <summary>The shard is not at home there, or not now. Nothing is known to have happened; repeat it.</summary>
    NotNow = 3,
}
