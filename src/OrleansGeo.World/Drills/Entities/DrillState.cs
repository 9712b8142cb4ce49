namespace OrleansGeo.World.Drills.Entities;

/// <summary>What a drill's entity remembers.</summary>
[GenerateSerializer, Alias("orleansgeo.drill.state")]
internal sealed class DrillState
{
    [Id(0)]
    public long Count { get; set; }

    /// <summary>By writer, in the order in which they were recorded.</summary>
    [Id(1)]
    public Dictionary<string, List<SequenceRange>> Writers { get; set; } = [];
}
