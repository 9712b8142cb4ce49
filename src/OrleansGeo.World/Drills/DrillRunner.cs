using System.Collections.Immutable;
using System.Globalization;
using OrleansGeo.World.Outcomes;
using OrleansGeo.World.Processes;

namespace OrleansGeo.World.Drills;

/// <summary>Runs a drill as often as asked for.</summary>
/// <param name="regions">The world's regions; asked for every run.</param>
/// <param name="power">Null: the regions' processes cannot be reached.</param>
/// <param name="progress">Is told what happens.</param>
/// <param name="time">The clock.</param>
internal sealed class DrillRunner(Func<ImmutableArray<ReadyRegion>> regions, IRegionPower? power, IDrillProgress progress, TimeProvider time)
{
    /// <exception cref="WorldException">It could not be carried out. What is left behind has been said.</exception>
    public async Task<DrillReport> RunAsync(DrillOptions options, CancellationToken cancellationToken)
    {
        var world = regions();
        var name = time.GetUtcNow().ToString("yyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var runs = ImmutableArray.CreateBuilder<DrillRun>();
        for (var run = 1; run <= options.Runs; run++)
        {
            await DrillCheck.EnsurePossibleAsync(options, world, time, cancellationToken);
            using var stage = await DrillStage.CreateAsync(options, world, $"{name}-{run}", progress, time, cancellationToken);
            runs.Add(await RunOnceAsync(Create(stage), cancellationToken));
            progress.Say($"Run {run} of {options.Runs} is over.");
        }

        return new(options, [.. world.Select(static region => region.Region)], runs.ToImmutable());
    }

    private IDrillScenario Create(DrillStage stage) => stage.Options.Kind switch
    {
        DrillKind.Kill => new KillDrill(stage, power ?? throw WorldException.Usage("A region is killed by its process: run the drill on the machine of the world.")),
        DrillKind.Partition => new PartitionDrill(stage),
        _ => new SwitchoverDrill(stage),
    };

    private async Task<DrillRun> RunOnceAsync(IDrillScenario scenario, CancellationToken cancellationToken)
    {
        try
        {
            return await scenario.RunAsync(cancellationToken);
        }
        catch
        {
            await scenario.CleanUpAsync();
            if (scenario.LeftBehind is { } left)
            {
                progress.Say(left);
            }

            throw;
        }
    }
}
