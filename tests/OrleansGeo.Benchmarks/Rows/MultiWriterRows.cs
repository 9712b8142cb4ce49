using System.Diagnostics;
using OrleansGeo.Benchmarks.Grains;
using OrleansGeo.Benchmarks.Measuring;
using OrleansGeo.Storage.Memory;
using OrleansGeo.Testing;

namespace OrleansGeo.Benchmarks.Rows;

/// <summary>What a counter costs that three regions change at once, and how soon they agree after a partition. Over the emulated Azure network.</summary>
internal sealed class MultiWriterRows : IRowGroup
{
    private const string Increments = "crdt-increments-three-regions";
    private const string Convergence = "crdt-convergence-after-partition";
    private const int Callers = 96;
    private const int Partitions = 5;

    // Five of the longest round trips between these regions, for a link to come up again, and a second.
    private const double TargetMs = (5 * 232) + 1000;

    private static readonly string[] Regions = ["westeurope", "eastus2", "southeastasia"];

    public IReadOnlyList<string> Names => [Increments, Convergence];

    public async Task RunAsync(BenchmarkOptions options, Action<RowResult> report)
    {
        await using var world = await GeoTestCluster.StartUnlinkedAsync(new()
        {
            SilosPerRegion = 1,
            Wan = WanMatrix.Azure,
            CreateStore = static _ => new MemoryRegionStore(new()),
            ConfigureGeo = static geo => geo.Limits(static limits => (limits.DeduplicationEntries, limits.DeduplicationBytes) = (int.MaxValue, long.MaxValue)),
        });
        await world.WhenLinkedAsync();
        if (options.Includes(Increments))
        {
            var row = new Row(
                Increments,
                30,
                new("one CRDT, written in three regions", Callers, i => Add(world[Regions[i % 3]].Grains.GetGrain<ITally>("hot"))),
                new("one geo grain, written at its home from three", Callers, i => Calls.Add(world[Regions[i % 3]].Grains.GetGrain<IGeoCounter>("hot"))))
            {
                Stretch = 5,
            };
            report(await new Comparison(options).RunAsync(row));
        }

        if (options.Includes(Convergence))
        {
            report(await ConvergeAsync(world));
        }
    }

    private static Func<ValueTask<int>> Add(ITally tally) => async () =>
    {
        await tally.Add(1);
        return 1;
    };

    private static async Task<RowResult> ConvergeAsync(GeoTestCluster world)
    {
        var times = new List<double>();
        for (var round = 1; round <= Partitions; round++)
        {
            SetCut(world, isCut: true);
            for (var i = 0; i < 20; i++)
            {
                await Task.WhenAll(Regions.Select(region => world[region].Grains.GetGrain<ITally>("apart").Add(1).AsTask()));
            }

            await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
            SetCut(world, isCut: false);
            var healed = Stopwatch.GetTimestamp();
            foreach (var region in Regions)
            {
                while (await world[region].Grains.GetGrain<ITally>("apart").Read() != round * 60)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
                }
            }

            times.Add(Stopwatch.GetElapsedTime(healed).TotalMilliseconds);
        }

        return new()
        {
            Name = Convergence,
            Unit = "ms",
            IsLowerBetter = true,
            Target = TargetMs,
            Ratio = Comparison.Median(times),
            LowestRatio = times.Min(),
            HighestRatio = times.Max(),
            Ratios = times,
        };
    }

    private static void SetCut(GeoTestCluster world, bool isCut)
    {
        foreach (var (one, other) in new[] { (0, 1), (0, 2), (1, 2) })
        {
            if (isCut)
            {
                world.Cut(Regions[one], Regions[other]);
            }
            else
            {
                world.Heal(Regions[one], Regions[other]);
            }
        }
    }
}
