namespace OrleansGeo.Tests.Checks;

/// <summary>Its base class has no codec.</summary>
[GenerateSerializer]
[Alias("test.derivedstate")]
public sealed class DerivedState : BareState
{
    [Id(0)]
    public int Own { get; set; }
}
