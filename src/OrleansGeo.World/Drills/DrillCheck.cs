using OrleansGeo.World.Outcomes;
using OrleansGeo.World.Processes;

namespace OrleansGeo.World.Drills;

/// <summary>Refuses a drill that would prove nothing, before it does anything.</summary>
internal static class DrillCheck
{
    /// <exception cref="WorldException">What is in the way and what to do, in one line.</exception>
    public static async Task EnsurePossibleAsync(DrillOptions options, IReadOnlyList<ReadyRegion> world, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!world.Any(region => region.Region == options.Region))
        {
            throw WorldException.Usage(RegionNames.Unknown(options.Region, world.Select(static region => region.Region)));
        }

        if (world.Count == 1)
        {
            throw WorldException.Usage($"The world has one region, {options.Region}, whose homes can go nowhere: run one with at least two, better three.");
        }

        using var probe = new ReadyProbe(time);
        var live = await Task.WhenAll(world.Select(region => probe.IsLiveAsync(region.Url, cancellationToken)));
        if (!live.Contains(true))
        {
            throw WorldException.Usage(
                $"No region of the world answers ({string.Join(", ", world.Select(static region => region.Url))}): is it running? Start it with 'run'.");
        }

        if (world.Zip(live).FirstOrDefault(static region => !region.Second).First is { } down)
        {
            throw WorldException.Usage($"{down.Region} is down, and a drill begins with every region up: start it with: {SelfCommand.Hint($"start {down.Region}")}");
        }
    }
}
