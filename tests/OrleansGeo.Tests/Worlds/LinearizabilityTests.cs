using OrleansGeo.Tests.Histories;
using Xunit.Abstractions;
using static OrleansGeo.Tests.Worlds.BreakableWorld;
using DocumentOperation = OrleansGeo.Tests.Histories.Operation<OrleansGeo.Tests.Histories.DocumentAction, OrleansGeo.Tests.Histories.DocumentAnswer>;

namespace OrleansGeo.Tests.Worlds;

/// <summary>Invariant 6 as clients see it: whatever happens to regions and links, strong reads and writes of a document take effect one at a time.</summary>
[Collection(AloneCollection.Name)]
public sealed class LinearizabilityTests(ITestOutputHelper output)
{
    private const int Some = 30;

    [Fact]
    public async Task Documents_are_linearizable_while_regions_die_and_links_are_cut()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"Seed {seed}");
        await using var documents = await DocumentWorld.StartAsync(seed);
        var world = documents.World;
        foreach (var home in Names)
        {
            await documents.WhenServedAsync(Some, home, Names);
        }

        await documents.KillAsync(East);
        await documents.WhenServedAsync(Some, East, West, Asia);

        // With one region dead, the two others are just a majority: this stops all writes, and no lease outlives it for long.
        world.World.Cut(West, Asia);
        await Wait.UntilAsync("the cut is noticed", () => Task.FromResult(!world.World.IsLinked(West, Asia)));
        world.World.Heal(West, Asia);
        await documents.WhenServedAsync(Some, East, West, Asia);

        await documents.StartAsync(East);
        await documents.WhenServedAsync(Some, West, East);
        await documents.WhenServedAsync(Some, East, East);

        // A home that is cut off goes on until its lease ends, beside the one that takes its place.
        world.CutOff(Asia);
        await documents.WhenServedAsync(Some, Asia, West, East);
        await world.RejoinAsync(Asia);
        await documents.WhenServedAsync(Some, Asia, Asia);

        // Planned moves back, under load.
        await world.Admin(West).RestoreAsync(new(East));
        await world.Admin(West).RestoreAsync(new(Asia));
        foreach (var home in Names)
        {
            await documents.WhenServedAsync(Some, home, Names);
        }

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
        Assert.All(history.GroupBy(static operation => operation.Key), static key => Assert.True(key.Max(EpochOf) > key.Min(EpochOf), $"The home of {key.Key} never changed."));
    }

    private static long? EpochOf(DocumentOperation operation) => operation.Output?.Version?.Epoch;

    private static string Keep(int seed, IEnumerable<DocumentOperation> history)
    {
        var path = Path.Combine(Path.GetTempPath(), $"orleansgeo-history-{seed}.txt");
        File.WriteAllLines(path, history.OrderBy(static operation => operation.Invoked).Select(static operation => operation.ToString()));
        return path;
    }
}
