namespace OrleansGeo.World.Drills.Entities;

/// <summary>A drill's entity whose home alone acknowledges: what is lost with that region must be in the ledger.</summary>
[GeoGrain(Durability.Region), GrainType(Type)]
internal sealed class DrillRegion([PersistentState("drill", "geo")] IPersistentState<DrillState> drill) : DrillEntity(drill)
{
    public const string Type = "drill-region";
}
