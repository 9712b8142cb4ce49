using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using OrleansGeo.Api.Errors;
using OrleansGeo.Api.Requests;

namespace OrleansGeo.Api.Documents;

/// <summary>The parts that every request to a document has.</summary>
internal sealed class DocumentRequest
{
    [FromRoute(Name = "collection"), Description("1 to 128 bytes of UTF-8; a slash in it is sent as %2F.")]
    public required string Collection { get; init; }

    [FromRoute(Name = "id"), Description("1 to 512 bytes of UTF-8; a slash in it is sent as %2F.")]
    public required string Id { get; init; }

    public required HttpContext Http { get; init; }

    public required IGrainFactory Grains { get; init; }

    /// <summary>The document and the condition that the request names, or the problem with either.</summary>
    public bool TryRead(
        [NotNullWhen(true)] out IDocument? document,
        [NotNullWhen(true)] out DocumentCondition? condition,
        [NotNullWhen(false)] out Problem? problem)
    {
        (document, condition) = (null, null);
        if (!PathSegment.Read(Http, "collection", Collection, 1, DocumentKey.MaxCollectionBytes).TryGet(out var collection, out problem)
            || !PathSegment.Read(Http, "document id", Id, 0, DocumentKey.MaxIdBytes).TryGet(out var id, out problem)
            || !ConditionHeaders.Parse(Http.Request).TryGet(out condition, out problem))
        {
            return false;
        }

        document = Grains.GetGrain<IDocument>(DocumentKey.Of(collection, id));
        return true;
    }
}
