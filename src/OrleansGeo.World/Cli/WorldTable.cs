using System.Globalization;
using OrleansGeo.World.Processes;
using Spectre.Console;

namespace OrleansGeo.World.Cli;

/// <summary>The table of a world that has started.</summary>
internal static class WorldTable
{
    public static Table Create(RunningWorldHost world)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Region", "Process", "URL", "Store");
        foreach (var (ready, config) in world.Supervisor.Regions.Zip(world.Regions))
        {
            table.AddRow(
                Markup.Escape(ready.Region),
                ready.ProcessId.ToString(CultureInfo.InvariantCulture),
                Markup.Escape(ready.Url),
                Markup.Escape(config.Storage.Description));
        }

        return table;
    }
}
