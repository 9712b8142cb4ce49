using Microsoft.AspNetCore.Http;

namespace OrleansGeo.Api.Requests;

/// <summary>The id of a counter, set or map in the path, which is its grain key.</summary>
internal static class EntityKey
{
    public const int MaxBytes = 512;

    public static Parsed<string> Read(HttpContext httpContext, string id, int fromEnd) => PathSegment.Read(httpContext, "id", id, fromEnd, MaxBytes);

    /// <summary>The name of a member or field: any UTF-8 that can stand in a path.</summary>
    public static Parsed<string> ReadName(HttpContext httpContext, string what, string name) => PathSegment.Read(httpContext, what, name, 0, MaxBytes, takesControls: true);
}
