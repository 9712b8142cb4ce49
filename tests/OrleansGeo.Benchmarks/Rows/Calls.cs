using OrleansGeo.Benchmarks.Grains;

namespace OrleansGeo.Benchmarks.Rows;

/// <summary>The calls that rows are made of.</summary>
internal static class Calls
{
    public static Func<ValueTask<int>> Read(ICounter counter) => async () =>
    {
        await counter.Read();
        return 1;
    };

    public static Func<ValueTask<int>> Touch(ICounter counter) => async () =>
    {
        await counter.Touch();
        return 1;
    };

    public static Func<ValueTask<int>> Add(ICounter counter) => async () =>
    {
        await counter.Add(1);
        return 1;
    };

    /// <summary>Goes through the entities, beginning at another one for every caller.</summary>
    public static Func<ValueTask<int>> AddInTurn(IReadOnlyList<ICounter> counters, int caller, int callers)
    {
        var next = caller * counters.Count / callers;
        return async () =>
        {
            var counter = counters[next];
            next = next + 1 == counters.Count ? 0 : next + 1;
            await counter.Add(1);
            return 1;
        };
    }
}
