namespace OrleansGeo.Api.Responses;

/// <summary>Marks an endpoint that calls an entity, for the description of the API.</summary>
internal sealed class GeoEndpointMetadata
{
    public static GeoEndpointMetadata Instance { get; } = new();
}
