namespace OrleansGeo.Tests.Checks;

[GenerateSerializer]
[Alias("test.crates`1")]
public abstract class Crate<T>
{
    [Id(0)]
    public T? Kept { get; set; }
}
