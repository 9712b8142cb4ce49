using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansGeo.Api.Errors;
using OrleansGeo.Api.OpenApi;
using OrleansGeo.Api.Requests;
using OrleansGeo.Api.Responses;

namespace OrleansGeo.Api.Documents;

/// <summary><c>/v1/documents/{collection}/{id}</c>: JSON documents.</summary>
internal static class DocumentEndpoints
{
    private const string Path = "/v1/documents/{collection}/{id}";

    public static void MapDocuments(this IEndpointRouteBuilder endpoints)
    {
        var documents = endpoints.MapGroup(Path).WithTags("Documents").WithGeo();

        documents.MapGet("", Get).WithName("getDocument").WithSummary("Read a document")
            .Answers(200, "The document.").Answers(304, "It is as If-None-Match says.")
            .Fails(ProblemKinds.InvalidKey, ProblemKinds.NotFound, ProblemKinds.VersionConflict).TakesConditions();

        documents.MapMethods("", [HttpMethods.Head], Get).ExcludeFromDescription();

        documents.MapPut("", Put).WithName("putDocument").WithSummary("Create or replace a document")
            .TakesBody(JsonBody.Json).Answers(200, "Replaced; the document.").Answers(201, "Created; the document.")
            .Fails(ProblemKinds.InvalidKey, ProblemKinds.InvalidDocument, ProblemKinds.VersionConflict).TakesConditions();

        documents.MapPatch("", Patch).WithName("patchDocument").WithSummary("Change a document by a JSON merge patch (RFC 7396)")
            .TakesBody(JsonBody.MergePatch, JsonBody.Json).Answers(200, "The patched document.")
            .Fails(ProblemKinds.InvalidKey, ProblemKinds.InvalidDocument, ProblemKinds.NotFound, ProblemKinds.VersionConflict).TakesConditions();

        documents.MapDelete("", Delete).WithName("deleteDocument").WithSummary("Delete a document")
            .Answers(204, "It is gone.").Fails(ProblemKinds.InvalidKey, ProblemKinds.NotFound, ProblemKinds.VersionConflict).TakesConditions();
    }

    private static async Task<IResult> Get([AsParameters] DocumentRequest request)
    {
        if (!request.TryRead(out var document, out var condition, out var problem))
        {
            return problem;
        }

        var result = await document.Get();
        if (result.Status != DocumentStatus.Found)
        {
            return Of(result, null);
        }

        var version = DocumentResponse.VersionOf(result);
        return !condition.IfMatchHolds(exists: true, version) ? Conflict(version)
            : !condition.IfNoneMatchHolds(exists: true, version) ? new DocumentResponse(StatusCodes.Status304NotModified, version, null)
            : Of(result, result.Json);
    }

    private static async Task<IResult> Put([AsParameters] DocumentRequest request)
    {
        if (!request.TryRead(out var document, out var condition, out var problem)
            || !(await JsonBody.ReadAsync(request.Http, JsonBody.Json)).TryGet(out var json, out problem))
        {
            return problem;
        }

        return Of(await document.Put(json, condition), json);
    }

    private static async Task<IResult> Patch([AsParameters] DocumentRequest request)
    {
        if (!request.TryRead(out var document, out var condition, out var problem)
            || !(await JsonBody.ReadAsync(request.Http, JsonBody.MergePatch, JsonBody.Json)).TryGet(out var patch, out problem))
        {
            return problem;
        }

        var result = await document.Patch(patch, condition);
        return Of(result, result.Json);
    }

    private static async Task<IResult> Delete([AsParameters] DocumentRequest request) =>
        request.TryRead(out var document, out var condition, out var problem) ? Of(await document.Delete(condition), null) : problem;

    private static IResult Of(DocumentResult result, byte[]? json) => result.Status switch
    {
        DocumentStatus.Found or DocumentStatus.Replaced => new DocumentResponse(StatusCodes.Status200OK, DocumentResponse.VersionOf(result), json),
        DocumentStatus.Created => new DocumentResponse(StatusCodes.Status201Created, DocumentResponse.VersionOf(result), json),
        DocumentStatus.Deleted => new DocumentResponse(StatusCodes.Status204NoContent, null, null),
        DocumentStatus.NotFound => new Problem(ProblemKinds.NotFound, "There is no such document: create it with PUT."),
        DocumentStatus.Conflict => Conflict(result.Version),
        DocumentStatus.TooLarge => new Problem(ProblemKinds.TooLarge, "The patched document would be larger than this server accepts: patch less into it."),
        _ => throw new InvalidOperationException($"A document answered with the unknown status {result.Status}."),
    };

    private static Problem Conflict(string? version) => new Problem(
        ProblemKinds.VersionConflict,
        version is null ? "The document does not exist: If-Match cannot hold." : $"The document is at version {version}: read it and decide again.")
        .With("currentVersion", version);
}
