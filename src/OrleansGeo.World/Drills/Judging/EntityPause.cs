namespace OrleansGeo.World.Drills.Judging;

/// <summary>The longest time in which an entity did not answer.</summary>
internal sealed record EntityPause(string Entity, TimeSpan Took)
{
    public static EntityPause None { get; } = new("", TimeSpan.Zero);
}
