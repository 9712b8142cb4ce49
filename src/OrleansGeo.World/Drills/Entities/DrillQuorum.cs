namespace OrleansGeo.World.Drills.Entities;

/// <summary>A drill's entity that loses nothing when a minority of regions is lost.</summary>
[GeoGrain(Durability.Quorum), GrainType(Type)]
internal sealed class DrillQuorum([PersistentState("drill", "geo")] IPersistentState<DrillState> drill) : DrillEntity(drill)
{
    public const string Type = "drill-quorum";
}
