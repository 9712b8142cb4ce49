namespace OrleansGeo.Tests.Samples.Chirps;

[GenerateSerializer]
[Alias("sample.chirpsstate")]
public sealed class ChirpAccountState
{
    [Id(0)]
    public HashSet<string> Followers { get; set; } = [];

    [Id(1)]
    public HashSet<string> Following { get; set; } = [];

    [Id(2)]
    public List<string> Published { get; set; } = [];

    [Id(3)]
    public List<string> Received { get; set; } = [];
}
