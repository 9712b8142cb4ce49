namespace OrleansGeo.Tests.Grains;

[GenerateSerializer]
[Alias("test.cratestate`1")]
public sealed class CrateState<T>
{
    [Id(0)]
    public T? Content { get; set; }

    [Id(1)]
    public int Times { get; set; }
}
