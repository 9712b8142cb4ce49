using System.Collections.Immutable;

namespace OrleansGeo.Api.OpenApi;

/// <summary>The media types of an endpoint's request body, a JSON value without a schema.</summary>
/// <remarks>Not ASP.NET Core's own metadata: routing would act on that, with an answer that does not say what is accepted.</remarks>
internal sealed record BodyDescription(ImmutableArray<string> MediaTypes);
