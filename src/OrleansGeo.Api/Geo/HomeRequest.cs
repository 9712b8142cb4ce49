using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using OrleansGeo.Api.Documents;
using OrleansGeo.Api.Errors;
using OrleansGeo.Api.Requests;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Runtime.World;

namespace OrleansGeo.Api.Geo;

/// <summary>Finds the home of the entity that a path names.</summary>
internal static class HomeRequest
{
    private const int MaxTypeBytes = 256;
    private const string Documents = "documents/";

    public static IResult OfDocument(string collection, string id, HttpContext httpContext, IGeoWorld world)
    {
        if (!PathSegment.Read(httpContext, "collection", collection, 1, DocumentKey.MaxCollectionBytes).TryGet(out var inCollection, out var problem)
            || !PathSegment.Read(httpContext, "document id", id, 0, DocumentKey.MaxIdBytes).TryGet(out var document, out problem))
        {
            return problem;
        }

        return Locate(world, Document.Type, DocumentKey.Of(inCollection, document));
    }

    public static IResult OfGrain(string type, string id, HttpContext httpContext, IGeoWorld world, IOptions<GeoLimits> limits)
    {
        if (!PathSegment.Read(httpContext, "grain type", type, 1, MaxTypeBytes).TryGet(out var grainType, out var problem)
            || !PathSegment.Read(httpContext, "key", id, 0, limits.Value.KeyBytes).TryGet(out var key, out problem))
        {
            return problem;
        }

        // documents/{collection} as the one name that it is, its slash encoded.
        return grainType.StartsWith(Documents, StringComparison.Ordinal)
            ? Locate(world, Document.Type, DocumentKey.Of(grainType[Documents.Length..], key))
            : Locate(world, grainType, key);
    }

    private static IResult Locate(IGeoWorld world, string type, string key)
    {
        var entity = GrainId.Create(type, key);
        return world.Locate(entity) is { } location
            ? TypedResults.Ok(GeoViews.Home(entity, location))
            : new Problem(ProblemKinds.NotFound, $"'{type}' is not the grain type of a geo grain of this world: use one's [GrainType], or documents/{{collection}}.");
    }
}
