using OrleansGeo.World.Drills.Calls;
using OrleansGeo.World.Drills.Judging;

namespace OrleansGeo.World.Drills;

/// <summary>Cuts a region off under load from both sides, heals, and compares what all regions have.</summary>
internal sealed class PartitionDrill(DrillStage stage) : IDrillScenario
{
    private readonly WanCut _wan = new(stage.World, stage.Victim);
    private bool _homesMayBeElsewhere;

    private string Region => stage.Options.Region;

    public string? LeftBehind =>
        _wan.IsCut ? $"{Region} may still be cut off: POST {{\"to\":\"REGION\",\"cut\":false}} to /dev/wan of every region."
        : _homesMayBeElsewhere ? $"Homes of {Region} may be elsewhere: they return by themselves, or at once with: curl -X POST {stage.Urls[stage.Others[0]]}/v1/geo/regions/{Region}/restore"
        : null;

    public async Task<DrillRun> RunAsync(CancellationToken cancellationToken)
    {
        await stage.WarmUpAsync(cancellationToken);
        stage.Say($"Cutting {Region} off …");
        _homesMayBeElsewhere = true;
        var cut = stage.Now;
        await _wan.CutAsync(cancellationToken);
        await stage.RecoversAsync(cancellationToken);
        await stage.AfterwardsAsync(cancellationToken);
        stage.Say("Healing …");
        var healed = stage.Now;
        await _wan.HealAsync(cancellationToken);
        var returned = await Comeback.RunAsync(stage, cancellationToken);
        await stage.StopLoadAsync(cancellationToken);
        _homesMayBeElsewhere = returned.Took is null;
        stage.Say("Reading every entity through every region …");
        var findings = await Audits.RunAsync(stage, stage.All, cancellationToken);
        var unlisted = await Audits.UnaccountedAsync(stage, findings, stage.All, suspicionCounts: false, cancellationToken);

        // Through the region itself, writes may fail until it is back; how they fail is judged by itself.
        bool IsInside(int through, CallResult call) => through == stage.Victim && call.Ended > cut && call.Started < returned.CaughtUp;
        return DrillJudge.Judge(stage, cut, healed, IsInside) with
        {
            Recoveries = Statistics.Recoveries(stage.Plan, stage.Log.Writes, cut, stage.Time),
            Lost = [.. unlisted.Select(static write => write.Key)],
            InLedger = findings.Missing.Length - unlisted.Length,
            Refusals = Isolation.Codes(stage.Log.Writes, stage.Victim, cut, healed),
            Return = returned.Took,
            Wrong =
            [
                .. Isolation.Check(stage.Log.Writes, stage.Log.Reads, stage.Victim, cut, healed, stage.Time),
                .. findings.Wrong,
                .. await Audits.DisagreementsAsync(stage, cancellationToken),
                .. returned.Wrong,
            ],
        };
    }

    public async Task CleanUpAsync()
    {
        if (_wan.IsCut)
        {
            stage.Say($"Healing the cut of {Region} …");
            await ((Task)_wan.HealAsync(CancellationToken.None)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
