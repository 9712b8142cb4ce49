using OrleansGeo.World.Drills;
using OrleansGeo.World.Drills.Judging;
using OrleansGeo.World.Outcomes;

namespace OrleansGeo.Tests.World.Drills;

/// <summary>The drills against a world that does as it should, and against one that does not: each fault must be noticed.</summary>
[Collection(AloneCollection.Name)]
[Trait("Check", "Long")]
public sealed class DrillTests
{
    private const string Region = "eastus2";

    [Theory]
    [InlineData("quorum")]
    [InlineData("region")]
    public async Task A_kill_that_costs_nothing_is_good(string durability)
    {
        await using var world = await DrillWorld.StartAsync();

        var report = await world.RunAsync(Options(DrillKind.Kill) with { Durability = durability, Runs = 2 });

        Assert.True(report.IsGood, Missed(report));
        Assert.All(report.Runs, static run =>
        {
            Assert.All(run.Recoveries, static shard => Assert.InRange(shard.Took!.Value.TotalMilliseconds, 200, 2000));
            Assert.NotEmpty(run.Recoveries);
            Assert.True(run.Acknowledged > 20);
            Assert.InRange(run.LongestWritePause.Took.TotalMilliseconds, 100, 4000);
            Assert.NotNull(run.Return);
        });
        Assert.Contains("Killing eastus2", world.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(DrillKind.Kill))]
    [InlineData(nameof(DrillKind.Partition))]
    [InlineData(nameof(DrillKind.Switchover))]
    public async Task A_lost_write_is_noticed(string kind)
    {
        await using var world = await DrillWorld.StartAsync();
        world.Fault = Once(DrillFault.Lost);

        var report = await world.RunAsync(Options(Enum.Parse<DrillKind>(kind)));

        Assert.EndsWith("/7", Assert.Single(report.Runs[0].Lost), StringComparison.Ordinal);
        Assert.Contains("1 acknowledged writes are lost", Missed(report), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(DrillFault.Doubled), "recorded more than once: 7.")]
    [InlineData(nameof(DrillFault.RefusedButDone), "refused, and recorded all the same: 7.")]
    [InlineData(nameof(DrillFault.Refused), "1 requests failed, the first: write of")]
    [InlineData(nameof(DrillFault.Late), "504 DeadlineExceeded.")]
    public async Task A_fault_is_noticed(string fault, string says)
    {
        await using var world = await DrillWorld.StartAsync();
        world.Fault = Once(Enum.Parse<DrillFault>(fault));

        var report = await world.RunAsync(Options(DrillKind.Kill));

        Assert.Contains(says, Missed(report), StringComparison.Ordinal);
        Assert.Empty(report.Runs[0].Lost);
    }

    [Fact]
    public async Task A_slow_recovery_is_noticed()
    {
        await using var world = await DrillWorld.StartAsync();
        world.Recovery = TimeSpan.FromMilliseconds(700);

        var report = await world.RunAsync(Options(DrillKind.Kill) with { Rto = TimeSpan.FromMilliseconds(600) });

        Assert.Contains("--rto is 0.6 s", Missed(report), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_region_alone_had_must_be_in_the_ledger(bool isListed)
    {
        await using var world = await DrillWorld.StartAsync();
        string? left = null;
        world.Fault = key =>
        {
            if (left is null && key.EndsWith("/7", StringComparison.Ordinal))
            {
                left = key;
                if (isListed)
                {
                    var request = Protocol(key);
                    world.Ledger.Add(new("eastus2-1-7", "eastus2", "r-01", "x", request, 1, 7, ["drill"], "lost"));
                }
            }

            return key == left ? DrillFault.Lost : DrillFault.None;
        };

        var report = await world.RunAsync(Options(DrillKind.Kill) with { Durability = "region" });

        Assert.Equal(isListed, report.IsGood);
        Assert.Equal(isListed ? 1 : 0, report.Runs[0].InLedger);
        Assert.Equal(isListed ? 0 : 1, report.Runs[0].Lost.Length);
    }

    [Fact]
    public async Task A_drill_begins_with_every_home_in_its_place()
    {
        await using var world = await DrillWorld.StartAsync();
        world.Displace(2);

        var report = await world.RunAsync(Options(DrillKind.Kill));

        Assert.True(report.IsGood, Missed(report));
        Assert.Contains("southeastasia is not home of all that it should be home of. Giving it its homes back", world.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partition_that_costs_nothing_is_good()
    {
        await using var world = await DrillWorld.StartAsync();

        var report = await world.RunAsync(Options(DrillKind.Partition));

        Assert.True(report.IsGood, Missed(report));
        Assert.NotEmpty(report.Runs[0].Recoveries);
        Assert.Contains("503 RegionIsolated", report.Runs[0].Refusals.Keys);
        Assert.False(world.AnyCut);
    }

    [Fact]
    public async Task A_region_that_goes_on_when_it_is_cut_off_is_noticed()
    {
        await using var world = await DrillWorld.StartAsync();
        world.GoesOnWhenCutOff = true;

        var report = await world.RunAsync(Options(DrillKind.Partition));

        Assert.Contains("the region that was cut off acknowledged a write", Missed(report), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(900, false)]
    public async Task A_switchover_may_hold_writes_up_only_as_long_as_it_must(int holdUpMs, bool isGood)
    {
        await using var world = await DrillWorld.StartAsync();
        world.HoldUp = TimeSpan.FromMilliseconds(holdUpMs);

        var report = await world.RunAsync(Options(DrillKind.Switchover));

        Assert.Equal(140, report.Runs[0].Moves[0].Bound.TotalMilliseconds);
        Assert.True(isGood == report.IsGood || (isGood && Missed(report).Contains("was held up", StringComparison.Ordinal)), Missed(report));
        Assert.Equal(!isGood, !isGood && Missed(report).Contains("was held up", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_partition_that_is_broken_off_is_healed()
    {
        await using var world = await DrillWorld.StartAsync();
        world.Recovery = TimeSpan.FromSeconds(30);
        using var interrupt = new CancellationTokenSource();
        var drill = world.RunAsync(Options(DrillKind.Partition), interrupt.Token);
        await Worlds.Wait.UntilAsync("something is cut", () => Task.FromResult(world.AnyCut || drill.IsCompleted));

        await interrupt.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => drill);
        Assert.False(world.AnyCut);
        Assert.Contains("Healing the cut of eastus2", world.Said, StringComparison.Ordinal);
        Assert.Contains("restore", world.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kill_that_is_broken_off_says_what_it_leaves_behind()
    {
        await using var world = await DrillWorld.StartAsync();
        world.Recovery = TimeSpan.FromSeconds(30);
        using var interrupt = new CancellationTokenSource();
        var drill = world.RunAsync(Options(DrillKind.Kill), interrupt.Token);
        await Worlds.Wait.UntilAsync("it is killed", () => Task.FromResult(world.Said.Contains("Killing", StringComparison.Ordinal) || drill.IsCompleted));

        await interrupt.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => drill);
        Assert.Contains("eastus2 is left killed: start it with:", world.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_drill_that_would_prove_nothing_is_refused_in_one_line()
    {
        await using var world = await DrillWorld.StartAsync();
        await RefusedAsync(world, "There is no region 'mars' in this world: use westeurope, eastus2, southeastasia.", Options(DrillKind.Kill) with { Region = "mars" });

        world.SetMode("southeastasia", "drained");
        await RefusedAsync(world, "southeastasia is drained, and a drill begins with every region in use: restore it with: curl", Options(DrillKind.Kill));

        world.Kill("westeurope");
        await RefusedAsync(world, "westeurope is down, and a drill begins with every region up: start it with:", Options(DrillKind.Partition));
        world.Kill("eastus2");
        world.Kill("southeastasia");
        await RefusedAsync(world, "No region of the world answers", Options(DrillKind.Kill));

        await using var lonely = await DrillWorld.StartAsync(regions: 1);
        await RefusedAsync(lonely, "The world has one region, westeurope", Options(DrillKind.Switchover) with { Region = "westeurope" });
    }

    private static DrillOptions Options(DrillKind kind) => new()
    {
        Kind = kind,
        Region = Region,
        Rto = TimeSpan.FromSeconds(3),
        Deadline = TimeSpan.FromSeconds(5),
        Rate = 400,
        Controls = 2,
        Before = TimeSpan.FromMilliseconds(300),
        After = TimeSpan.FromMilliseconds(300),
        Patience = TimeSpan.FromSeconds(20),
    };

    /// <summary>The seventh write of the first entity that comes so far.</summary>
    private static Func<string, DrillFault> Once(DrillFault fault)
    {
        string? chosen = null;
        return key => key == (chosen ??= key.EndsWith("/7", StringComparison.Ordinal) ? key : null) ? fault : DrillFault.None;
    }

    private static string Protocol(string key) => OrleansGeo.Protocol.Logs.RequestId.FromKey(key).ToString();

    private static string Missed(DrillReport report) => string.Join('\n', report.Runs.SelectMany(run => DrillGoals.Missed(run, report.Options)));

    private static async Task RefusedAsync(DrillWorld world, string says, DrillOptions options)
    {
        var error = await Assert.ThrowsAsync<WorldException>(() => world.RunAsync(options));
        Assert.Equal(ExitCodes.Usage, error.ExitCode);
        Assert.StartsWith(says, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
