using OrleansGeo.Simulation;

namespace OrleansGeo.Tests.Simulation;

/// <summary>The mutation that a test by hand shows to be noticed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProvesAttribute(SimFault fault) : Attribute
{
    public SimFault Fault => fault;

    /// <summary>Runs a schedule with the rule, which holds, and without it, which a checker reports.</summary>
    public static void Proves(SimFault fault, string expected, Action<SimFault> run)
    {
        run(SimFault.None);
        var violation = Assert.Throws<SimViolation>(() => run(fault));
        Assert.Contains(expected, violation.Message, StringComparison.Ordinal);
    }
}
