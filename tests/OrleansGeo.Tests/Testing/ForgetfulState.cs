namespace OrleansGeo.Tests.Testing;

[GenerateSerializer]
[Alias("test.forgetful")]
public sealed class ForgetfulState
{
    [NonSerialized]
    internal string? Forgotten;

    [Id(0)]
    public string? Kept { get; set; }
}
