using OrleansGeo.World.Drills;

namespace OrleansGeo.World.Cli;

/// <summary>The progress of a drill: a line per step.</summary>
internal sealed class DrillConsole : IDrillProgress
{
    public void Say(string line) => WorldConsole.Say(line);
}
