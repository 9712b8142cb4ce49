namespace OrleansGeo.Tests.Samples.Journals;

[GenerateSerializer]
[Alias("sample.journalstate")]
public sealed class JournalState
{
    [Id(0)]
    public List<string> Lines { get; set; } = [];
}
