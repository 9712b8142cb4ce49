namespace OrleansGeo.World.Drills.Entities;

/// <summary>The answer to a drill's write.</summary>
internal sealed record DrillRecorded(long Count);
