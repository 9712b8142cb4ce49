using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OrleansGeo.Api.Errors;

namespace OrleansGeo.Api.OpenApi;

/// <summary>Describes endpoints for <c>/openapi/v1.json</c>.</summary>
internal static class EndpointDescriptions
{
    /// <summary>A response whose body, where the status has one, is a JSON value without a schema.</summary>
    public static TBuilder Answers<TBuilder>(this TBuilder endpoint, int status, string text)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new ResponseDescription(status, text, AnyJson: status is not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified)));

    /// <summary>What a response means whose body the endpoint's own type describes.</summary>
    public static TBuilder Describes<TBuilder>(this TBuilder endpoint, int status, string text)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new ResponseDescription(status, text, AnyJson: false));

    /// <summary>The problems that this endpoint has besides those of every endpoint with <c>WithGeo</c>.</summary>
    public static TBuilder Fails<TBuilder>(this TBuilder endpoint, params ProblemKind[] kinds)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new ProblemDescription([.. kinds]));

    /// <summary>A request body that is a JSON value without a schema, read with <see cref="Requests.JsonBody"/>.</summary>
    public static TBuilder TakesBody<TBuilder>(this TBuilder endpoint, params string[] mediaTypes)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new BodyDescription([.. mediaTypes]), new ProblemDescription([ProblemKinds.TooLarge, ProblemKinds.UnsupportedMediaType]));

    internal static TBuilder TakesConditions<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(ConditionDescription.Instance);
}
