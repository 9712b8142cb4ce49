namespace OrleansGeo.Api.Responses;

/// <summary>The entity has no one version that all regions agree on: a multi-writer one.</summary>
internal sealed class NoEntityTag
{
    public static NoEntityTag Instance { get; } = new();
}
