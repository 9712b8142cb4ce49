using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansGeo.Api.Documents;
using OrleansGeo.Api.Errors;
using OrleansGeo.Api.Requests;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Configuration;

namespace OrleansGeo.Api.Geo;

/// <summary>A request about the home of one entity, which the path names as a document or by grain type and key.</summary>
internal sealed class HomeRequest
{
    private const int MaxTypeBytes = 256;
    private const string Documents = "documents/";

    private readonly HttpContext _http;
    private readonly Parsed<GrainId> _named;
    private readonly IGeoWorld _world;
    private readonly IGeoAdmin _admin;

    private HomeRequest(HttpContext http, Parsed<GrainId> named)
    {
        (_http, _named) = (http, named);
        _world = http.RequestServices.GetRequiredService<IGeoWorld>();
        _admin = http.RequestServices.GetRequiredService<IGeoAdmin>();
    }

    public static HomeRequest OfDocument(HttpContext http, string collection, string id) => new(
        http,
        !PathSegment.Read(http, "collection", collection, 1, DocumentKey.MaxCollectionBytes).TryGet(out var inCollection, out var problem)
        || !PathSegment.Read(http, "document id", id, 0, DocumentKey.MaxIdBytes).TryGet(out var document, out problem)
            ? new(problem)
            : new(GrainId.Create(Document.Type, DocumentKey.Of(inCollection, document))));

    public static HomeRequest OfGrain(HttpContext http, string type, string id)
    {
        var limits = http.RequestServices.GetRequiredService<IOptions<GeoLimits>>().Value;
        return !PathSegment.Read(http, "grain type", type, 1, MaxTypeBytes).TryGet(out var grainType, out var problem)
            || !PathSegment.Read(http, "key", id, 0, limits.KeyBytes).TryGet(out var key, out problem)
                ? new(http, new(problem))

                // documents/{collection} as the one name that it is, its slash encoded.
                : new(http, new(grainType.StartsWith(Documents, StringComparison.Ordinal)
                    ? GrainId.Create(Document.Type, DocumentKey.Of(grainType[Documents.Length..], key))
                    : GrainId.Create(grainType, key)));
    }

    /// <summary>Where it is at home.</summary>
    public Task<IResult> GetAsync() => AnswerAsync(_admin.LocateAsync);

    /// <summary>Pins it to the region that the body names.</summary>
    public async Task<IResult> PinAsync()
    {
        var body = await JsonBody.ReadAsync(_http);
        return !body.TryGet(out var json, out var problem) || !ReadRegion(json).TryGet(out var region, out problem)
            ? problem
            : await AnswerAsync((entity, cancellationToken) => _admin.PinAsync(entity, new(region), cancellationToken));
    }

    /// <summary>Moves it back to where its key belongs.</summary>
    public Task<IResult> UnpinAsync() => AnswerAsync(_admin.UnpinAsync);

    private async Task<IResult> AnswerAsync(Func<GrainId, CancellationToken, Task<EntityLocation>> ask)
    {
        if (!_named.TryGet(out var entity, out var problem))
        {
            return problem;
        }

        return _world.Locate(entity) is null
            ? new Problem(ProblemKinds.NotFound, $"'{entity.Type}' is not the grain type of a geo grain of this world: use one's [GrainType], or documents/{{collection}}.")
            : TypedResults.Ok(GeoViews.Home(entity, await ask(entity, _http.RequestAborted)));
    }

    private Parsed<string> ReadRegion(byte[] json)
    {
        using var body = JsonDocument.Parse(json);
        return body.RootElement is not { ValueKind: JsonValueKind.Object } pin || !pin.TryGetProperty("region", out var region) || region.ValueKind != JsonValueKind.String
            ? new(new Problem(ProblemKinds.InvalidDocument, """The body does not say where to: send {"region": "<name>"}."""))
            : region.GetString() is { } name && RegionId.IsValid(name) ? new(name)
            : new(new Problem(ProblemKinds.UnknownRegion, $"'{region}' is not a region of this world: use {string.Join(", ", _world.Regions)}."));
    }
}
