using System.Collections.Immutable;
using System.Text.Json;
using OrleansGeo.Api.LostWrites;
using OrleansGeo.World.Drills.Calls;
using OrleansGeo.World.Drills.Entities;
using OrleansGeo.World.Drills.Judging;
using OrleansGeo.World.Drills.Load;

namespace OrleansGeo.World.Drills;

/// <summary>Reads back what the load wrote. Only while the load stands still.</summary>
internal static class Audits
{
    private const int AtOnce = 16;
    private const int SettleAttempts = 3;

    /// <summary>Repeats every write of unknown outcome through another region.</summary>
    public static Task SettleAsync(DrillStage stage, CancellationToken cancellationToken) => ForEachAsync(
        stage.Log.Writes.Where(static write => write.Settled == CallOutcome.Unknown),
        async write =>
        {
            for (var attempt = 0; attempt < SettleAttempts && write.Settled == CallOutcome.Unknown; attempt++)
            {
                var through = stage.Others[attempt % stage.Others.Length];
                var again = await stage.World.WriteAsync(through, write.Target.Path, write.Key, new { seq = write.Sequence, writer = write.Writer.Name }, cancellationToken);
                write.Settled = again.Outcome;
            }
        },
        cancellationToken);

    /// <summary>Every entity, strongly, through each of these regions, compared with every answer of the load.</summary>
    public static async Task<AuditFindings> RunAsync(DrillStage stage, ImmutableArray<int> regions, CancellationToken cancellationToken)
    {
        var writes = stage.Log.Writes.ToLookup(static write => write.Target.Id);
        var findings = new AuditFindings[stage.Plan.Targets.Length];
        await ForEachAsync(
            stage.Plan.Targets.Index(),
            async target => findings[target.Index] = await CheckAsync(stage, target.Item, [.. writes[target.Item.Id]], regions, cancellationToken),
            cancellationToken);
        return findings.Aggregate(AuditFindings.None, static (all, one) => all.And(one));
    }

    /// <summary>Local reads through every region must come to show the same as a strong read.</summary>
    public static async Task<IEnumerable<string>> DisagreementsAsync(DrillStage stage, CancellationToken cancellationToken)
    {
        var wrong = new string?[stage.Plan.Targets.Length];
        await ForEachAsync(
            stage.Plan.Targets.Index(),
            async target =>
            {
                var agreed = await stage.UntilAsync(
                    stage.Options.Patience,
                    async () => (await Task.WhenAll(stage.All.Select(region => ReadAsync(stage, target.Item, region, "local", cancellationToken))
                        .Append(ReadAsync(stage, target.Item, stage.Others[0], "strong", cancellationToken)))).Distinct().Count() == 1,
                    cancellationToken);
                wrong[target.Index] = agreed ? null : $"{target.Item.Id}: the regions show different things {stage.Options.Patience.TotalSeconds:0} s after the drill.";
            },
            cancellationToken);
        return wrong.OfType<string>();
    }

    /// <summary>Missing writes that the ledger does not account for, whichever of these regions is asked.</summary>
    public static async Task<ImmutableArray<WriteRecord>> UnaccountedAsync(
        DrillStage stage, AuditFindings findings, ImmutableArray<int> regions, bool suspicionCounts, CancellationToken cancellationToken)
    {
        if (findings.Missing.IsEmpty || stage.Options.IsQuorum)
        {
            return findings.Missing;
        }

        var ledgers = await Task.WhenAll(regions.Select(region => stage.World.GetAsync<LostWritesView>(region, "/v1/geo/lost-writes", cancellationToken)));
        return
        [
            .. ledgers.SelectMany(ledger => suspicionCounts
                ? LedgerAudit.Unsuspected(findings.Missing, ledger, stage.Options.Region)
                : LedgerAudit.Unlisted(findings.Missing, ledger)).DistinctBy(static write => write.Key),
        ];
    }

    private static async Task<AuditFindings> CheckAsync(
        DrillStage stage, DrillTarget target, WriteRecord[] writes, ImmutableArray<int> regions, CancellationToken cancellationToken)
    {
        var findings = AuditFindings.None;
        foreach (var region in regions)
        {
            var name = stage.World.Names[region];
            var read = await stage.World.ReadAsync(region, target.Path, "strong", cancellationToken);
            findings = findings.And(read.IsDone
                ? EntityAudit.Check(name, target, writes, JsonSerializer.Deserialize<DrillView>(read.Body, JsonSerializerOptions.Web)!)
                : new([], [$"{target.Id} could not be audited through {name}: {read.Describe()}."]));
        }

        return findings;
    }

    private static async Task<string> ReadAsync(DrillStage stage, DrillTarget target, int region, string consistency, CancellationToken cancellationToken)
    {
        var read = await stage.World.ReadAsync(region, target.Path, consistency, cancellationToken);
        return read.IsDone ? System.Text.Encoding.UTF8.GetString(read.Body) : read.Describe();
    }

    private static Task ForEachAsync<T>(IEnumerable<T> items, Func<T, Task> act, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        items, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (item, _) => await act(item));
}
