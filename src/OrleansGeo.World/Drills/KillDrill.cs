using System.Collections.Immutable;
using OrleansGeo.World.Drills.Judging;
using OrleansGeo.World.Outcomes;
using OrleansGeo.World.Processes;

namespace OrleansGeo.World.Drills;

/// <summary>Kills a region under load, audits what the survivors have, brings it back under load, and audits again.</summary>
internal sealed class KillDrill(DrillStage stage, IRegionPower power) : IDrillScenario
{
    private string Region => stage.Options.Region;

    public string? LeftBehind { get; private set; }

    public async Task<DrillRun> RunAsync(CancellationToken cancellationToken)
    {
        power.EnsureCanKill(Region);
        await stage.WarmUpAsync(cancellationToken);
        LeftBehind = $"{Region} is left killed: start it with: {SelfCommand.Hint($"start {Region}")}";
        stage.Say($"Killing {Region} …");
        var fault = stage.Now;
        power.Kill(Region);
        await stage.RecoversAsync(cancellationToken);
        await stage.AfterwardsAsync(cancellationToken);
        var until = stage.Now;
        await stage.StopLoadAsync(cancellationToken);
        stage.Say($"Reading every entity through {string.Join(", ", stage.Others.Select(region => stage.World.Names[region]))} …");
        var without = await Audits.RunAsync(stage, stage.Others, cancellationToken);
        var unsuspected = await Audits.UnaccountedAsync(stage, without, stage.Others, suspicionCounts: true, cancellationToken);

        stage.StartLoad();
        stage.Say($"Starting {Region} again …");
        await power.StartAsync(Region, cancellationToken);
        var returned = await Comeback.RunAsync(stage, cancellationToken);
        await stage.StopLoadAsync(cancellationToken);
        LeftBehind = null;
        var with = await Audits.RunAsync(stage, stage.All, cancellationToken);
        var unlisted = await Audits.UnaccountedAsync(stage, with, stage.All, suspicionCounts: false, cancellationToken);
        return DrillJudge.Judge(stage, fault, until, static (_, _) => false) with
        {
            Recoveries = Statistics.Recoveries(stage.Plan, stage.Log.Writes, fault, stage.Time),
            Lost = [.. unsuspected.Concat(unlisted).Select(static write => write.Key).Distinct()],
            InLedger = with.Missing.Length - unlisted.Length,
            Return = returned.Took,
            Wrong = [.. without.Wrong, .. with.Wrong, .. await Audits.DisagreementsAsync(stage, cancellationToken), .. returned.Wrong],
        };
    }

    public Task CleanUpAsync() => Task.CompletedTask;
}
