using OrleansGeo.Simulation;

namespace OrleansGeo.Tests.Simulation;

/// <summary>A checker that never fails proves nothing: without a fence, some seed must break the invariant that the fence protects.</summary>
public sealed class RemovedFenceTests
{
    [Theory]
    [InlineData(nameof(SimFault.ShipBeforeStore), "which its own store does not have")]
    [InlineData(nameof(SimFault.CheckpointPastStable), "Invariant 9")]
    [InlineData(nameof(SimFault.TrimPastStable), "Invariant 8")]
    [InlineData(nameof(SimFault.NoDeduplication), "Invariant 8")]
    [InlineData(nameof(SimFault.StageWithoutVersionCheck), "A lost update")]
    [InlineData(nameof(SimFault.AcknowledgeBeforeStable), "Invariant 3")]
    [InlineData(nameof(SimFault.SkippedRowsNotCompared), "A lost update")]
    public void Without_the_fence_a_random_seed_fails(string fault, string expected) => Fails(fault, expected, 3_000, null);

    [Theory]
    [InlineData(nameof(SimFault.LedgerAfterCut), nameof(SimHarshness.LostWrites), "Invariant 4")]
    public void Without_the_fence_a_harsh_seed_fails(string fault, string harshness, string expected) =>
        Fails(fault, expected, 3_000, config => Enum.Parse<SimHarshness>(harshness).Apply(config));

    private static void Fails(string fault, string expected, int seeds, Func<SimConfig, SimConfig>? adjust)
    {
        var parsed = Enum.Parse<SimFault>(fault);
        var found = "";
        var any = "";
        for (var seed = 1UL; seed <= (ulong)seeds; seed++)
        {
            var failure = Simulator.Run(seed, parsed, adjust: adjust);
            any = failure ?? any;
            if (failure?.Contains(expected, StringComparison.Ordinal) == true)
            {
                found = failure;
                break;
            }
        }

        Assert.True(found.Length > 0, $"{seeds} seeds without {fault} and no checker said '{expected}'; the last finding was: {any}");
    }
}
