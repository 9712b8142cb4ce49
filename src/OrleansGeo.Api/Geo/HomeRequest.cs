using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using OrleansGeo.Api.Documents;
using OrleansGeo.Api.Errors;
using OrleansGeo.Api.Requests;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Runtime.World;

namespace OrleansGeo.Api.Geo;

/// <summary>A request about the home of one entity, which the path names as a document or by grain type and key.</summary>
internal sealed class HomeRequest(HttpContext http, IGeoWorld world, [FromServices] IGeoAdmin admin, IOptions<GeoLimits> limits)
{
    private const int MaxTypeBytes = 256;
    private const string Documents = "documents/";

    /// <summary>Where it is at home.</summary>
    public Task<IResult> GetAsync(Parsed<GrainId> named) => AnswerAsync(named, admin.LocateAsync);

    /// <summary>Pins it to the region that the body names.</summary>
    public async Task<IResult> PinAsync(Parsed<GrainId> named)
    {
        var body = await JsonBody.ReadAsync(http);
        return !body.TryGet(out var json, out var problem) || !ReadRegion(json).TryGet(out var region, out problem)
            ? problem
            : await AnswerAsync(named, (entity, cancellationToken) => admin.PinAsync(entity, new(region), cancellationToken));
    }

    /// <summary>Moves it back to where its key belongs.</summary>
    public Task<IResult> UnpinAsync(Parsed<GrainId> named) => AnswerAsync(named, admin.UnpinAsync);

    public Parsed<GrainId> OfDocument(string collection, string id) =>
        !PathSegment.Read(http, "collection", collection, 1, DocumentKey.MaxCollectionBytes).TryGet(out var inCollection, out var problem)
        || !PathSegment.Read(http, "document id", id, 0, DocumentKey.MaxIdBytes).TryGet(out var document, out problem)
            ? new(problem)
            : Known(Document.Type, DocumentKey.Of(inCollection, document));

    public Parsed<GrainId> OfGrain(string type, string id) =>
        !PathSegment.Read(http, "grain type", type, 1, MaxTypeBytes).TryGet(out var grainType, out var problem)
        || !PathSegment.Read(http, "key", id, 0, limits.Value.KeyBytes).TryGet(out var key, out problem)
            ? new(problem)

            // documents/{collection} as the one name that it is, its slash encoded.
            : grainType.StartsWith(Documents, StringComparison.Ordinal) ? Known(Document.Type, DocumentKey.Of(grainType[Documents.Length..], key))
            : Known(grainType, key);

    private Parsed<GrainId> Known(string type, string key) => GrainId.Create(type, key) is var entity && world.Locate(entity) is not null
        ? new(entity)
        : new(new Problem(ProblemKinds.NotFound, $"'{type}' is not the grain type of a geo grain of this world: use one's [GrainType], or documents/{{collection}}."));

    private async Task<IResult> AnswerAsync(Parsed<GrainId> named, Func<GrainId, CancellationToken, Task<EntityLocation>> ask) => named.TryGet(out var entity, out var problem)
        ? TypedResults.Ok(GeoViews.Home(entity, await ask(entity, http.RequestAborted)))
        : problem;

    private Parsed<string> ReadRegion(byte[] json)
    {
        using var body = JsonDocument.Parse(json);
        return body.RootElement is not { ValueKind: JsonValueKind.Object } pin || !pin.TryGetProperty("region", out var region) || region.ValueKind != JsonValueKind.String
            ? new(new Problem(ProblemKinds.InvalidDocument, """The body does not say where to: send {"region": "<name>"}."""))
            : region.GetString() is { } name && RegionId.IsValid(name) ? new(name)
            : new(new Problem(ProblemKinds.UnknownRegion, $"'{region}' is not a region of this world: use {string.Join(", ", world.Topology.Regions.All)}."));
    }
}
