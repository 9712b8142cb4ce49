using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Api.Documents;

/// <inheritdoc cref="IDocument"/>
[GrainType(Type), GeoGrain(Durability.Quorum, HomePolicy = typeof(ByKeyHash))]
internal sealed class Document(
    [PersistentState("document", "geo")] IPersistentState<DocumentState> document,
    IOptions<GeoApiOptions> options) : Grain, IDocument
{
    public const string Type = "document";

    public ValueTask<DocumentResult> Get() =>
        new(document.RecordExists ? Answer(DocumentStatus.Found, document.State.Json) : Absent());

    public async ValueTask<DocumentResult> Put(byte[] json, DocumentCondition condition)
    {
        var existed = document.RecordExists;
        if (!condition.Holds(existed, document.Etag))
        {
            return Conflict();
        }

        await Write(json);
        return Answer(existed ? DocumentStatus.Replaced : DocumentStatus.Created);
    }

    public async ValueTask<DocumentResult> Patch(byte[] patch, DocumentCondition condition)
    {
        // Whatever the condition says: it only counts where the request could succeed without it (RFC 9110 §13.2.1).
        if (!document.RecordExists)
        {
            return Absent();
        }

        if (!condition.Holds(exists: true, document.Etag))
        {
            return Conflict();
        }

        var merged = MergePatch.Apply(document.State.Json, patch, options.Value.MaxDocumentDepth);
        if (merged.Length > options.Value.MaxDocumentBytes)
        {
            return Answer(DocumentStatus.TooLarge);
        }

        await Write(merged);
        return Answer(DocumentStatus.Replaced, merged);
    }

    public async ValueTask<DocumentResult> Delete(DocumentCondition condition)
    {
        if (!document.RecordExists)
        {
            return Absent();
        }

        if (!condition.Holds(exists: true, document.Etag))
        {
            return Conflict();
        }

        await document.ClearStateAsync();
        return new(DocumentStatus.Deleted, null);
    }

    private async Task Write(byte[] json)
    {
        var before = document.State;
        document.State = new() { Json = json };
        try
        {
            await document.WriteStateAsync();
        }
        catch
        {
            // The next caller must not read what was refused.
            document.State = before;
            throw;
        }
    }

    private DocumentResult Conflict() => new(DocumentStatus.Conflict, document.RecordExists ? document.Etag : null);

    private DocumentResult Answer(DocumentStatus status, byte[]? json = null) => new(status, document.Etag, json);

    private static DocumentResult Absent() => new(DocumentStatus.NotFound, null);
}
