using System.Diagnostics;

namespace OrleansGeo.Benchmarks.Measuring;

/// <summary>Runs the callers of one side and counts what they complete within a window that neither their start nor their end is in.</summary>
internal sealed class Load
{
    // A caller's counter has a cache line of its own, or callers on different cores would measure the bus.
    private const int Stride = 16;

    private readonly long[] _completed;
    private volatile bool _stopping;

    private Load(int callers) => _completed = new long[callers * Stride];

    private long Completed
    {
        get
        {
            var sum = 0L;
            for (var i = 0; i < _completed.Length; i += Stride)
            {
                sum += Volatile.Read(ref _completed[i]);
            }

            return sum;
        }
    }

    /// <summary>Measures one side for <paramref name="duration"/>, after it ran for <paramref name="leadIn"/>. Blocks.</summary>
    /// <remarks>
    /// On a thread of its own: a pool whose threads have work in their own queues, as they always have here, leaves what comes from
    /// elsewhere waiting, the end of a delay too, for seconds.
    /// </remarks>
    public static Speed Measure(Side side, TimeSpan leadIn, TimeSpan duration)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var load = new Load(side.Callers);
        var callers = new Task[side.Callers];
        for (var i = 0; i < callers.Length; i++)
        {
            var (slot, call) = (i * Stride, side.CreateCaller(i));
            callers[i] = Task.Run(() => load.CallAsync(slot, call));
        }

        using var never = new ManualResetEventSlim();
        never.Wait(leadIn);
        var (before, allocatedBefore, cpuBefore, start) = (load.Completed, GC.GetTotalAllocatedBytes(), Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        never.Wait(duration);
        var (calls, elapsed) = (load.Completed - before, Stopwatch.GetElapsedTime(start));
        var (cpu, allocated) = (Environment.CpuUsage.TotalTime - cpuBefore, GC.GetTotalAllocatedBytes() - allocatedBefore);
        load._stopping = true;
        Task.WaitAll(callers);
        return calls > 0
            ? new(calls / elapsed.TotalSeconds, cpu.TotalMicroseconds / calls, (double)allocated / calls)
            : throw new InvalidOperationException($"'{side.Name}' completed no call within {elapsed.TotalSeconds:0.#} s: use a longer --seconds.");
    }

    private async Task CallAsync(int slot, Func<ValueTask<int>> call)
    {
        while (!_stopping)
        {
            var completed = await call();
            Volatile.Write(ref _completed[slot], _completed[slot] + completed);
        }
    }
}
