namespace OrleansGeo.Tests.Checks;

/// <summary>Contains its own base.</summary>
[GenerateSerializer]
[Alias("test.negated")]
public sealed class Negated : Term
{
    [Id(0)]
    public Term? Of { get; set; }
}
