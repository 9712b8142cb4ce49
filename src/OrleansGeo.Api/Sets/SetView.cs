namespace OrleansGeo.Api.Sets;

/// <summary>A set.</summary>
/// <param name="Members">In ordinal order.</param>
public sealed record SetView(IReadOnlyList<string> Members);
