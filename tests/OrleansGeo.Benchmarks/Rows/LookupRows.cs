using System.Diagnostics;
using OrleansGeo.Benchmarks.Measuring;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Benchmarks.Rows;

/// <summary>From a key to its home, as the router does it for every call.</summary>
internal sealed class LookupRows : IRowGroup
{
    private const string Time = "home-lookup";
    private const string Bytes = "home-lookup-bytes";
    private const int Lookups = 1_000_000;

    public IReadOnlyList<string> Names => [Time, Bytes];

    public Task RunAsync(BenchmarkOptions options, Action<RowResult> report)
    {
        var topology = WorldTopology.Initial(new(new([new("westeurope"), new("eastus2"), new("southeastasia")]), 64, 8));
        var policy = new GeoGrainPolicy(ShardFamily.Quorum, new ByKeyHash());
        var keys = Enumerable.Range(0, 1024).Select(static i => IdSpan.Create($"tenant-{i % 16}/customer-{i:00000}")).ToArray();
        var (nanoseconds, bytes) = (new List<double>(), new List<double>());
        for (var round = -3; round < options.Rounds; round++)
        {
            var (allocated, start) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
            LookUp(topology, policy, keys);
            var elapsed = Stopwatch.GetElapsedTime(start);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            if (round >= 0)
            {
                nanoseconds.Add(elapsed.TotalNanoseconds / Lookups);
                bytes.Add((double)allocated / Lookups);
            }
        }

        report(ResultOf(Time, "ns", 10, nanoseconds));
        report(ResultOf(Bytes, "bytes", 0, bytes));
        return Task.CompletedTask;
    }

    private static void LookUp(WorldTopology topology, GeoGrainPolicy policy, IdSpan[] keys)
    {
        var epochs = 0L;
        for (var i = 0; i < Lookups; i++)
        {
            epochs += topology.HomeOf(policy.Locate(topology, keys[i % keys.Length].AsSpan())).Epoch;
        }

        if (epochs != Lookups)
        {
            throw new InvalidOperationException("Every shard of a new world is in epoch 1.");
        }
    }

    private static RowResult ResultOf(string name, string unit, double target, List<double> values) => new()
    {
        Name = name,
        Unit = unit,
        IsLowerBetter = true,
        Target = target,
        Ratio = Comparison.Median(values),
        LowestRatio = values.Min(),
        HighestRatio = values.Max(),
        Ratios = values,
    };
}
