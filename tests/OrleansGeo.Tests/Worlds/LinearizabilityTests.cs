using OrleansGeo.Tests.Histories;
using OrleansGeo.Tests.Turns;
using Xunit.Abstractions;
using static OrleansGeo.Tests.Worlds.BreakableWorld;
using DocumentOperation = OrleansGeo.Tests.Histories.Operation<OrleansGeo.Tests.Histories.DocumentAction, OrleansGeo.Tests.Histories.DocumentAnswer>;

namespace OrleansGeo.Tests.Worlds;

/// <summary>Invariant 6 as clients see it: whatever happens to regions and links, strong reads and writes of a document take effect one at a time.</summary>
[MostlyWaits]
[Trait("Check", "Long")]
public sealed class LinearizabilityTests(ITestOutputHelper output)
{
    private const string SeedVariable = "ORLEANSGEO_SEED";
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(15);

    [Fact]
    public Task Documents_are_linearizable_while_regions_die_and_links_are_cut() => RunAsync(static async (faults, _) =>
    {
        await faults.KillAndCutAsync(East);
        await faults.CutOffAsync(Asia);
        await faults.MoveAsync(West);
        await faults.CutAsync(West, Asia);
    });

    [Fact]
    public Task Documents_are_linearizable_whatever_happens() => RunAsync(static async (faults, random) =>
    {
        for (var started = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(started) < Long;)
        {
            await faults.AnyAsync(random);
        }
    });

    private async Task RunAsync(Func<DocumentFaults, Random, Task> happen)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), out var given) ? given : Environment.TickCount;
        output.WriteLine($"Seed {seed}: {SeedVariable}={seed} makes the same faults and clients, though not the same timing.");
        await using var documents = await DocumentWorld.StartAsync(seed);
        await documents.WhenAllServedAsync(10, Names);
        await happen(new(documents, output.WriteLine), new(seed));
        await documents.StopLoadAsync();
        Judge(documents.Load);
    }

    private void Judge(DocumentLoad load)
    {
        var history = load.History.Snapshot();
        foreach (var key in history.GroupBy(static operation => operation.Key))
        {
            output.WriteLine($"{key.Key}: {key.Count()} operations, {key.Count(static operation => operation.IsUnknown)} unknown, epochs up to {key.Max(EpochOf)}");
        }

        output.WriteLine($"refused: {string.Join(", ", load.Refusals)}");
        var verdict = LinearizabilityChecker.Check(new DocumentModel(), history);
        output.WriteLine(verdict.IsAccepted ? verdict.ToString() : $"All of it is in {Keep(load.Seed, history.Where(operation => operation.Key == verdict.Key))}");
        Assert.True(verdict.IsAccepted, $"Seed {load.Seed}. {verdict}");
        var violations = SessionChecker.Check([.. history.Select(SessionOperation.Of).OfType<SessionOperation>()]);
        Assert.True(violations.Count == 0, $"Seed {load.Seed}. {string.Join(Environment.NewLine, violations)}");
    }

    private static long? EpochOf(DocumentOperation operation) => operation.Output?.Version?.Epoch;

    private static string Keep(int seed, IEnumerable<DocumentOperation> history)
    {
        var path = Path.Combine(Path.GetTempPath(), $"orleansgeo-history-{seed}.txt");
        File.WriteAllLines(path, history.OrderBy(static operation => operation.Invoked).Select(static operation => operation.ToString()));
        return path;
    }
}
