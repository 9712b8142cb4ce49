using OrleansGeo.Tests.Histories;
using OrleansGeo.Tests.Turns;
using Xunit.Abstractions;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Worlds;

/// <summary>Invariant 7 as clients see it: whatever happens to regions and links, a session that hops between regions reads its own writes, and nothing older than it has read.</summary>
[MostlyWaits]
[Trait("Check", "Long")]
public sealed class SessionHopTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Sessions_that_hop_between_regions_never_go_back_while_regions_die_and_links_are_cut()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"Seed {seed}");
        await using var documents = await DocumentWorld.StartAsync(seed, hops: true);
        await documents.WhenAllServedAsync(10, Names);
        var faults = new DocumentFaults(documents, output.WriteLine);
        await faults.KillAsync(East);
        await faults.CutAsync(West, Asia);
        await faults.CutOffAsync(Asia);
        await faults.MoveAsync(West);
        await documents.StopLoadAsync();

        var history = documents.Load.History.Snapshot();
        output.WriteLine($"{history.Count} operations, {history.Count(static operation => operation.IsUnknown)} unknown; refused: {string.Join(", ", documents.Load.Refusals)}");
        Assert.Contains(history, static operation => operation.Input.Kind == DocumentActionKind.Get && operation.Output?.Region is { Length: > 0 });
        var violations = SessionChecker.Check([.. history.Select(SessionOperation.Of).OfType<SessionOperation>()]);
        Assert.True(violations.Count == 0, $"Seed {seed}. {string.Join(Environment.NewLine, violations)}");
    }
}
