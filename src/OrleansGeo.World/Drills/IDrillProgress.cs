namespace OrleansGeo.World.Drills;

/// <summary>Is told what the drill does.</summary>
internal interface IDrillProgress
{
    void Say(string line);
}
