namespace OrleansGeo.Benchmarks.Grains;

/// <summary>A plain grain that keeps its state in memory: what a call costs.</summary>
[GrainType("bench.plaincounter")]
internal sealed class PlainCounter : Grain, IPlainCounter
{
    private readonly CounterState _counter = new();

    public ValueTask<long> Add(long amount) => new(_counter.Value += amount);

    public ValueTask<CounterView> Touch() => new(_counter.View());

    public ValueTask<CounterView> Read() => new(_counter.View());
}
