using System.Collections.Concurrent;

namespace OrleansGeo.Tests.Protocol.Control;

/// <summary>Random schedules of crashes, stalls, cuts, loss, operators and clocks. A failure prints its seed.</summary>
public sealed class ChaosTests
{
    private const int Seeds = 2_000;

    /// <summary>To run one seed: GEO_CONTROL_SEED=17 dotnet test --filter ChaosTests.One_seed.</summary>
    [Fact]
    public void One_seed() =>
        Assert.Null(Chaos.Run(ulong.TryParse(Environment.GetEnvironmentVariable("GEO_CONTROL_SEED"), out var seed) ? seed : 1));

    [Fact]
    public void Every_seed_keeps_the_invariants_and_comes_right()
    {
        var failures = new ConcurrentBag<string>();
        Parallel.For(1, Seeds + 1, (seed, loop) =>
        {
            if (Chaos.Run((ulong)seed) is { } failure)
            {
                failures.Add(failure);
                if (failures.Count > 9)
                {
                    loop.Stop();
                }
            }
        });
        Assert.True(failures.IsEmpty, string.Join(Environment.NewLine, failures));
    }
}
