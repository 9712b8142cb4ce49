using Orleans.Concurrency;

namespace OrleansGeo.Api.Documents;

/// <summary>A JSON document. Its key is made by <see cref="DocumentKey"/>.</summary>
/// <remarks>
/// JSON arguments must have been checked (<see cref="Requests.JsonBody"/>). No method takes a cancellation token: none waits for anything
/// but its commit, and a repeated request must have the same arguments as the first.
/// </remarks>
[Alias("orleansgeo.document"), GrainInterfaceType("orleansgeo.document")]
internal interface IDocument : IGrainWithStringKey
{
    [ReadOnly, Alias("get")]
    ValueTask<DocumentResult> Get();

    [Alias("put")]
    ValueTask<DocumentResult> Put([Immutable] byte[] json, DocumentCondition condition);

    /// <summary>JSON merge patch (RFC 7396). A document that does not exist is not created.</summary>
    [Alias("patch")]
    ValueTask<DocumentResult> Patch([Immutable] byte[] patch, DocumentCondition condition);

    [Alias("delete")]
    ValueTask<DocumentResult> Delete(DocumentCondition condition);
}
