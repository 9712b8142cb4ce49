namespace OrleansGeo.Runtime.Shards.Moves;

/// <summary>Where the homes of this silo tell of steps that are done.</summary>
internal sealed class MoveSteps : IMoveSteps
{
    public event Action<MoveStep, string>? Passed;

    public void Pass(MoveStep step, string entity) => Passed?.Invoke(step, entity);
}
