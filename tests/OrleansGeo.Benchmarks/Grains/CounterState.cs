namespace OrleansGeo.Benchmarks.Grains;

/// <summary>About a hundred bytes.</summary>
[GenerateSerializer]
[Alias("bench.counterstate")]
internal sealed class CounterState
{
    [Id(0)]
    public long Value { get; set; }

    [Id(1)]
    public string Note { get; set; } = "a hundred bytes of state that are written together with the number, every time";

    public CounterView View() => new(Value, Note);
}
