namespace OrleansGeo.Tests.Checks;

/// <summary>A member of it has no codec.</summary>
[GenerateSerializer]
[Alias("test.uncodedstate")]
public sealed class UncodedState
{
    [Id(0)]
    public Circle? Shape { get; set; }
}
