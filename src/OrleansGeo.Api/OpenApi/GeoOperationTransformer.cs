using System.Globalization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using OrleansGeo.Api.Errors;
using OrleansGeo.Api.Responses;

namespace OrleansGeo.Api.OpenApi;

/// <summary>Writes what the metadata of an endpoint says into its operation: bodies, headers, responses and problems.</summary>
internal sealed class GeoOperationTransformer : IOpenApiOperationTransformer
{
    private const string AnyJsonType = Requests.JsonBody.Json;

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var isGeo = metadata.OfType<GeoEndpointMetadata>().Any();
        var isRead = Requests.RequestMethods.IsRead(context.Description.HttpMethod ?? "");
        operation.Responses ??= [];
        DescribeBody(operation, metadata.OfType<BodyDescription>().LastOrDefault());
        DescribeParameters(operation, isGeo, isRead, metadata.OfType<ConditionDescription>().Any());
        DescribeResponses(operation.Responses, [.. metadata.OfType<ResponseDescription>()], isGeo, isRead);
        var kinds = metadata.OfType<ProblemDescription>().SelectMany(static problems => problems.Kinds);
        await DescribeProblems(operation.Responses, context, [.. kinds, .. isGeo ? GeoProblems(isRead) : []], cancellationToken);
    }

    private static IEnumerable<ProblemKind> GeoProblems(bool isRead) =>
    [
        ProblemKinds.InvalidRequest,
        ProblemKinds.InvalidSession,
        .. isRead ? Array.Empty<ProblemKind>() : [ProblemKinds.IdempotencyMismatch, ProblemKinds.TooLarge],
        ProblemKinds.TooManyRequests,
        ProblemKinds.Internal,
        ProblemKinds.HomeUnavailable,
        ProblemKinds.RegionIsolated,
        ProblemKinds.DeadlineExceeded,
    ];

    private static void DescribeBody(OpenApiOperation operation, BodyDescription? body)
    {
        if (body is not null)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = body.MediaTypes.ToDictionary(static type => type, static _ => AnyJson()),
            };
        }
    }

    private static void DescribeParameters(OpenApiOperation operation, bool isGeo, bool isRead, bool takesConditions)
    {
        foreach (var parameter in HeaderDescriptions.Request(isGeo, isRead, takesConditions))
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(parameter);
        }
    }

    private static void DescribeResponses(OpenApiResponses responses, List<ResponseDescription> descriptions, bool isGeo, bool isRead)
    {
        // An endpoint that answers an untyped result is described with a 200 of its own, which it may not have.
        if (descriptions.Count > 0 && descriptions.All(static description => description.Status != 200))
        {
            responses.Remove("200");
        }

        foreach (var description in descriptions)
        {
            var response = At(responses, description.Status);
            response.Description = description.Text;
            if (description.AnyJson)
            {
                response.Content = new Dictionary<string, OpenApiMediaType> { [AnyJsonType] = AnyJson() };
            }

            if (isGeo)
            {
                response.Headers = HeaderDescriptions.Response(description.Status, isRead);
            }
        }
    }

    private static async Task DescribeProblems(
        OpenApiResponses responses, OpenApiOperationTransformerContext context, List<ProblemKind> kinds, CancellationToken cancellationToken)
    {
        if (kinds.Count == 0 || context.Document is not { } document)
        {
            return;
        }

        if (document.Components?.Schemas?.ContainsKey(nameof(ProblemBody)) != true)
        {
            document.AddComponent(nameof(ProblemBody), await context.GetOrCreateSchemaAsync(typeof(ProblemBody), null, cancellationToken));
        }

        foreach (var ofStatus in kinds.Distinct().GroupBy(static kind => kind.Status))
        {
            var response = At(responses, ofStatus.Key);
            response.Description = string.Join(' ', ofStatus.Select(static kind => $"`{kind.Code}`: {kind.Title}"));
            response.Content = new Dictionary<string, OpenApiMediaType>
            {
                [Problem.ContentType] = new() { Schema = new OpenApiSchemaReference(nameof(ProblemBody), document) },
            };
            response.Headers = HeaderDescriptions.Problem(ofStatus.Key);
        }
    }

    private static OpenApiResponse At(OpenApiResponses responses, int status)
    {
        var key = status.ToString(CultureInfo.InvariantCulture);
        if (responses.TryGetValue(key, out var existing) && existing is OpenApiResponse response)
        {
            return response;
        }

        var added = new OpenApiResponse();
        responses[key] = added;
        return added;
    }

    private static OpenApiMediaType AnyJson() => new() { Schema = new OpenApiSchema { Description = "Any JSON value." } };
}
