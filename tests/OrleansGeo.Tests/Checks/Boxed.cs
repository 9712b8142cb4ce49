namespace OrleansGeo.Tests.Checks;

[GenerateSerializer]
[Alias("test.boxed`1")]
public sealed class Boxed<T>
{
    [Id(0)]
    public T? Value { get; set; }
}
