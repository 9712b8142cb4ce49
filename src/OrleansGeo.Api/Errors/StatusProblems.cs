using Microsoft.AspNetCore.Http;

namespace OrleansGeo.Api.Errors;

/// <summary>The problem of a response that has an error status and no body: what routing and other middleware leave behind.</summary>
internal static class StatusProblems
{
    public static Problem Of(HttpContext httpContext)
    {
        var request = httpContext.Request;
        var path = request.Path.ToUriComponent();
        return httpContext.Response.StatusCode switch
        {
            StatusCodes.Status401Unauthorized => new(ProblemKinds.Unauthorized, $"{path} is for callers who say who they are: send a valid bearer token."),
            StatusCodes.Status403Forbidden => new(ProblemKinds.Forbidden, $"This caller may not use {path}: ask for a token that allows it."),
            StatusCodes.Status404NotFound => new(ProblemKinds.NotFound, $"Nothing is served at {path}; /openapi/v1.json lists what is."),
            StatusCodes.Status405MethodNotAllowed => new(
                ProblemKinds.MethodNotAllowed, $"{request.Method} is not supported at {path}: use {httpContext.Response.Headers.Allow}."),
            StatusCodes.Status415UnsupportedMediaType => new(
                ProblemKinds.UnsupportedMediaType, $"{path} does not accept a body of type '{request.ContentType}'."),
            StatusCodes.Status429TooManyRequests => new(ProblemKinds.TooManyRequests, "Too many requests: try again later."),
            >= 500 and var status => new(ProblemKinds.Internal with { Status = status }, $"The server answered {request.Method} {path} with {status}."),
            var status => new(ProblemKinds.InvalidRequest with { Status = status }, $"The server refused {request.Method} {path} with {status}."),
        };
    }
}
