namespace OrleansGeo.Api.Sets;

/// <summary>A set.</summary>
/// <param name="Members">In ordinal order.</param>
internal sealed record SetView(IReadOnlyList<string> Members);
