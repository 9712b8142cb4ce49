using System.Globalization;

namespace OrleansGeo.World.Drills.Judging;

/// <summary>Which goals a run missed, each in one sentence. Pure.</summary>
internal static class DrillGoals
{
    public static IEnumerable<string> Missed(DrillRun run, DrillOptions options)
    {
        if (options.Kind != DrillKind.Switchover)
        {
            foreach (var shard in run.Recoveries.Where(shard => shard.Took is not { } took || took > options.Rto))
            {
                yield return shard.Took is { } took
                    ? $"{shard.Shard} recovered after {Seconds(took)}: --rto is {Seconds(options.Rto)}."
                    : $"{shard.Shard} did not recover while the drill ran.";
            }
        }

        if (run.Lost.Length > options.Rpo)
        {
            var how = options.IsQuorum ? "are lost" : "are neither there nor in the ledger";
            yield return $"{run.Lost.Length} acknowledged writes {how} (--rpo is {options.Rpo}), for example {run.Lost[0]}.";
        }

        if (run.Failed.Length > 0)
        {
            var first = run.Failed[0];
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{run.Failed.Length} requests failed, the first: {first.What} of {first.Entity} through {first.Region}, {first.AtMs / 1000:0.0} s after the fault, after {first.TookMs:0} ms: {first.Answer}.");
        }

        // A write of durability region that everybody saw may vanish: then a read goes back, and the ledger says why.
        if (run.ReadsThatWentBack > 0 && options.IsQuorum)
        {
            yield return $"{run.ReadsThatWentBack} local reads showed an older version than the same reader had seen in the same region.";
        }

        foreach (var move in run.Moves.Where(static move => move.Took > move.Bound).OrderByDescending(static move => move.Took - move.Bound).Take(3))
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{move.Entity} ({move.Shard}) was held up {move.Took.TotalMilliseconds:0} ms: {move.Bound.TotalMilliseconds:0} ms are allowed.");
        }

        foreach (var wrong in run.Wrong)
        {
            yield return wrong;
        }
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0##", CultureInfo.InvariantCulture) + " s";
}
