using Microsoft.AspNetCore.OpenApi;

namespace OrleansGeo.Api.OpenApi;

/// <summary>The description of the web API as a whole.</summary>
internal static class GeoApiDescription
{
    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer(static (document, _, _) =>
        {
            document.Info.Title = "OrleansGeo";
            document.Info.Version = "v1";
            document.Info.Description =
                "Geo-distributed entities. Every region serves the same API; a write is routed to the entity's home region, "
                + "a read is served by the region asked unless Geo-Consistency says otherwise. Errors are application/problem+json with a stable code.";

            // Every region has its own address; a description must not name the one that happened to be asked.
            document.Servers = [];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer<GeoOperationTransformer>();
    }
}
