namespace OrleansGeo.Tests.Turns;

/// <summary>
/// Tests that wait for leases, links and time-outs most of the time, each in a world of its own. They run after all others, a few classes at a time:
/// beside each other they lose no time, beside tests that take every processor their leases would run out.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class MostlyWaitsAttribute : Attribute;
