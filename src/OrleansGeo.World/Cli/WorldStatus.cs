using OrleansGeo.World.Processes;
using Spectre.Console;

namespace OrleansGeo.World.Cli;

/// <summary>Shows a running world until it is told to stop: one line that lives on a terminal, a line per event in a file.</summary>
internal static class WorldStatus
{
    public static async Task ShowAsync(WorldSupervisor world, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(stopped.SetResult);
        if (WorldConsole.IsLive)
        {
            await ShowLiveAsync(world, stopped.Task);
        }
        else
        {
            world.Changed += WorldConsole.Say;
            WorldConsole.Say($"{Line(world)}. SIGINT or SIGTERM stops the world.");
            await stopped.Task;
            world.Changed -= WorldConsole.Say;
        }
    }

    public static string Line(WorldSupervisor world)
    {
        var down = world.Down;
        var all = world.Regions.Length;
        var up = $"{all - down.Length} of {all} regions up";
        return down.IsEmpty
            ? up
            : $"{up}; {string.Join("; ", down.Select(static region => $"{region.Region} {region.Reason}, start it with: {SelfCommand.Hint($"start {region.Region}")}"))}";
    }

    private static Task ShowLiveAsync(WorldSupervisor world, Task stopped) =>
        WorldConsole.Out.Live(Render(world)).StartAsync(async live =>
        {
            void Refresh(string _)
            {
                live.UpdateTarget(Render(world));
                live.Refresh();
            }

            world.Changed += Refresh;
            Refresh(""); // Shows the line at all, and what changed before.
            await stopped;
            world.Changed -= Refresh;
        });

    private static Markup Render(WorldSupervisor world) =>
        new($"[{(world.Down.IsEmpty ? "green" : "yellow")}]●[/] {Markup.Escape(Line(world))}  [grey]Ctrl+C stops the world[/]");
}
