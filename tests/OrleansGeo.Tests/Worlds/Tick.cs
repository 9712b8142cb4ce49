namespace OrleansGeo.Tests.Worlds;

[GenerateSerializer]
[Alias("test.tick")]
public sealed record Tick([property: Id(0)] string Name, [property: Id(1)] DateTime At, [property: Id(2)] DateTime First, [property: Id(3)] TimeSpan Period, [property: Id(4)] string Region);
