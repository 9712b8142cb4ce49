using System.Collections.Immutable;
using OrleansGeo.World.Outcomes;

namespace OrleansGeo.World.Drills;

/// <summary>A region that is back catches up and gets its homes again, while the load goes on.</summary>
/// <param name="Took">From its return until it had its homes; null: it did not get them.</param>
/// <param name="Wrong">Why not.</param>
/// <param name="CaughtUp">When it had caught up.</param>
internal sealed record Comeback(TimeSpan? Took, ImmutableArray<string> Wrong, long CaughtUp)
{
    public static async Task<Comeback> RunAsync(DrillStage stage, CancellationToken cancellationToken)
    {
        var started = stage.Now;
        var caughtUp = long.MaxValue;
        try
        {
            await HomeWaits.CatchUpAsync(stage, cancellationToken);
            caughtUp = stage.Now;
            stage.Say($"{stage.Options.Region} has caught up. Giving it its homes back …");
            await HomeWaits.RestoreAsync(stage, cancellationToken);
            var took = stage.Time.GetElapsedTime(started);
            await stage.AfterwardsAsync(cancellationToken);
            return new(took, [], caughtUp);
        }
        catch (WorldException exception)
        {
            // The figures of the fault are worth having all the same.
            return new(null, [exception.Message], caughtUp);
        }
    }
}
