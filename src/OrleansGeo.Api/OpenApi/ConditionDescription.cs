namespace OrleansGeo.Api.OpenApi;

/// <summary>Marks an endpoint that takes <c>If-Match</c> and <c>If-None-Match</c>.</summary>
internal sealed class ConditionDescription
{
    public static ConditionDescription Instance { get; } = new();
}
