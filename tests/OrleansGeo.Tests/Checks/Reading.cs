namespace OrleansGeo.Tests.Checks;

/// <summary>No parameterless constructor.</summary>
[GenerateSerializer]
[Alias("test.reading")]
public sealed record Reading([property: Id(0)] int Value, [property: Id(1)] object? Extra);
