using System.Reflection;
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
    [InlineData(nameof(SimFault.NoDeduplicationAfterPromotion), "Invariant 8")]
    [InlineData(nameof(SimFault.NoEpochStart), "Invariant 11")]
    public void Without_the_fence_a_random_seed_fails(string fault, string expected) => Fails(fault, expected, 3_000, null);

    [Theory]
    [InlineData(nameof(SimFault.WindowByWallClock), nameof(SimHarshness.HandOvers), "Invariant 8")]
    public void Without_the_fence_a_harsh_seed_fails(string fault, string harshness, string expected) =>
        Fails(fault, expected, 3_000, config => Enum.Parse<SimHarshness>(harshness).Apply(config));

    [Fact]
    public void Every_fault_is_noticed_by_some_test()
    {
        var methods = typeof(RemovedFenceTests).Assembly.GetTypes().SelectMany(static type => type.GetMethods()).ToList();
        var byHand = methods.SelectMany(static method => method.GetCustomAttributes<ProvesAttribute>()).Select(static proof => proof.Fault.ToString());
        var bySeeds = methods
            .Where(static method => method.DeclaringType == typeof(RemovedFenceTests))
            .SelectMany(static method => method.GetCustomAttributesData())
            .Where(static data => data.AttributeType == typeof(InlineDataAttribute))
            .Select(static data => (string)((IReadOnlyList<CustomAttributeTypedArgument>)data.ConstructorArguments[0].Value!)[0].Value!);
        Assert.Empty(Enum.GetNames<SimFault>().Except([nameof(SimFault.None), .. byHand, .. bySeeds]));
    }

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
