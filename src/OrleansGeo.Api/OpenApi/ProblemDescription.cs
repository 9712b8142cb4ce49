using System.Collections.Immutable;
using OrleansGeo.Api.Errors;

namespace OrleansGeo.Api.OpenApi;

/// <summary>The problems that an endpoint answers with.</summary>
internal sealed record ProblemDescription(ImmutableArray<ProblemKind> Kinds);
