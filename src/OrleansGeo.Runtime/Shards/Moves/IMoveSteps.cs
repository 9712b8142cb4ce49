namespace OrleansGeo.Runtime.Shards.Moves;

/// <summary>How far moves of entities come at the homes of this silo. For tests and development worlds, which stop there on purpose.</summary>
internal interface IMoveSteps
{
    /// <summary>Told at a home, with the entity, when a step is on a majority of regions, before anybody else is. Nobody else is told before it returns.</summary>
    event Action<MoveStep, string>? Passed;
}
