using Microsoft.AspNetCore.Http;

namespace OrleansGeo.Api.Requests;

/// <summary>Which HTTP methods read.</summary>
internal static class RequestMethods
{
    public static bool IsRead(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);
}
