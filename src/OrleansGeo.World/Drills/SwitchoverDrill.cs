using OrleansGeo.Api.Geo;
using OrleansGeo.World.Drills.Judging;

namespace OrleansGeo.World.Drills;

/// <summary>Drains a region and restores it under load: nothing may fail, and hardly anything may wait.</summary>
internal sealed class SwitchoverDrill(DrillStage stage) : IDrillScenario
{
    private string Region => stage.Options.Region;

    public string? LeftBehind { get; private set; }

    public async Task<DrillRun> RunAsync(CancellationToken cancellationToken)
    {
        var roundTrips = await WanCut.RoundTripsAsync(stage.World, cancellationToken);
        await stage.WarmUpAsync(cancellationToken);
        LeftBehind = $"{Region} is left drained: restore it with: curl -X POST {stage.Urls[stage.Others[0]]}/v1/geo/regions/{Region}/restore";
        stage.Say($"Draining {Region} …");
        var drain = stage.Now;
        await HomeWaits.DrainAsync(stage, cancellationToken);
        var drained = await stage.World.GetAsync<TopologyView>(stage.Others[0], "/v1/geo/topology", cancellationToken);
        await stage.AfterwardsAsync(cancellationToken);
        stage.Say($"Restoring {Region} …");
        var restore = stage.Now;
        await HomeWaits.RestoreAsync(stage, cancellationToken);
        var took = stage.Time.GetElapsedTime(restore);
        LeftBehind = null;
        await stage.AfterwardsAsync(cancellationToken);
        var end = stage.Now;
        await stage.StopLoadAsync(cancellationToken);
        stage.Say("Reading every entity through every region …");
        var findings = await Audits.RunAsync(stage, stage.All, cancellationToken);
        var unlisted = await Audits.UnaccountedAsync(stage, findings, stage.All, suspicionCounts: false, cancellationToken);
        var homes = drained.Shards.ToDictionary(static shard => shard.Shard, shard => stage.World.Names.IndexOf(shard.Home));
        return DrillJudge.Judge(stage, drain, end, static (_, _) => false) with
        {
            Lost = [.. unlisted.Select(static write => write.Key)],
            InLedger = findings.Missing.Length - unlisted.Length,
            Return = took,
            Moves =
            [
                .. SwitchoverBound.Pauses(stage.Log.Writes, drain, drain, restore, shard => SwitchoverBound.Of(roundTrips, stage.Victim, homes[shard]), stage.Time),
                .. SwitchoverBound.Pauses(stage.Log.Writes, restore, drain, end, shard => SwitchoverBound.Of(roundTrips, homes[shard], stage.Victim), stage.Time),
            ],
            Wrong = [.. findings.Wrong, .. await Audits.DisagreementsAsync(stage, cancellationToken)],
        };
    }

    public Task CleanUpAsync() => Task.CompletedTask;
}
