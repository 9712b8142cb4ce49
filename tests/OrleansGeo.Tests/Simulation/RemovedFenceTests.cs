using System.Reflection;
using OrleansGeo.Simulation;

namespace OrleansGeo.Tests.Simulation;

/// <summary>A checker that never fails proves nothing: without a fence, it must report the invariant that the fence protects.</summary>
public sealed class RemovedFenceTests
{
    /// <summary>Random seeds do not meet every missing fence, so each has a schedule by hand. These two show that seeds are judged at all.</summary>
    [Theory]
    [InlineData(nameof(SimFault.NoDeduplication), "Invariant 8")]
    [InlineData(nameof(SimFault.AcknowledgeBeforeStable), "Invariant 3")]
    public void Without_the_fence_a_random_seed_fails(string fault, string expected)
    {
        const int Seeds = 300;
        var last = "nothing";
        for (var seed = 1UL; seed <= Seeds; seed++)
        {
            var failure = Simulator.Run(seed, Enum.Parse<SimFault>(fault));
            if (failure?.Contains(expected, StringComparison.Ordinal) == true)
            {
                return;
            }

            last = failure ?? last;
        }

        Assert.Fail($"{Seeds} seeds without {fault} and no checker said '{expected}'; the last finding was: {last}");
    }

    [Fact]
    public void Every_fault_is_noticed_in_a_schedule_by_hand()
    {
        var proved = typeof(RemovedFenceTests).Assembly.GetTypes()
            .SelectMany(static type => type.GetMethods())
            .SelectMany(static method => method.GetCustomAttributes<ProvesAttribute>())
            .Select(static proof => proof.Fault);
        Assert.Empty(Enum.GetValues<SimFault>().Except([SimFault.None, .. proved]));
    }
}
