namespace OrleansGeo.Api.Documents;

/// <summary>A document as it is kept: the bytes that were sent. Replaced whole, never changed in place.</summary>
[GenerateSerializer, Alias("orleansgeo.document.state")]
internal sealed class DocumentState
{
    [Id(0)]
    public byte[] Json { get; set; } = [];
}
