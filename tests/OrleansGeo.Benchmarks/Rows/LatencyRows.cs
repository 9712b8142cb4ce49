using OrleansGeo.Benchmarks.Grains;
using OrleansGeo.Benchmarks.Hosts;
using OrleansGeo.Benchmarks.Measuring;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Storage.Memory;

namespace OrleansGeo.Benchmarks.Rows;

/// <summary>The output gate's promise: how long a commit takes does not say how many writes a second one entity takes.</summary>
internal sealed class LatencyRows : IRowGroup
{
    private const string HotSlow = "write-hot-100ms-vs-1ms";

    // Enough to have writes under way for as long as two commits take: the one that is at the disk and the one that gathers.
    private const int Callers = 20_000;

    public IReadOnlyList<string> Names => [HotSlow];

    public async Task RunAsync(BenchmarkOptions options, Action<RowResult> report)
    {
        await using var slow = await StartAsync(TimeSpan.FromMilliseconds(100));
        await using var fast = await StartAsync(TimeSpan.FromMilliseconds(1));
        report(await new Comparison(options).RunAsync(new(HotSlow, 0.5, SideOf(slow, "commit 100 ms"), SideOf(fast, "commit 1 ms")) { Stretch = 4 }));
    }

    private static Side SideOf(BenchSilo silo, string name)
    {
        var counter = silo.Grains.GetGrain<IGeoCounter>("hot");
        return new(name, Callers, _ => Calls.Add(counter));
    }

    private static Task<BenchSilo> StartAsync(TimeSpan commitLatency)
    {
        var disk = new MemoryRegionDisk();
        disk.Faults.CommitLatency = commitLatency;
        return OneRegion.StartAsync(geo => geo.UseMemory(disk));
    }
}
