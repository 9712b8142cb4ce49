using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using OrleansGeo.Api.Errors;
using OrleansGeo.Api.Requests;

namespace OrleansGeo.Api.Responses;

/// <summary>Runs an endpoint within the <see cref="GeoSession"/> that the request's headers ask for, and answers with what came back.</summary>
internal sealed class GeoSessionFilter(IOptions<GeoApiOptions> options) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var httpContext = context.HttpContext;
        if (!CallHeaders.Parse(httpContext.Request, options.Value).TryGet(out var call, out var problem))
        {
            return problem;
        }

        using var session = GeoSession.Begin(call);
        object? result;
        try
        {
            result = await next(context);
        }
        catch (Exception exception) when (ExceptionProblems.TryOf(exception, out problem))
        {
            result = problem;
        }

        if (session.Token is { } token)
        {
            httpContext.Response.Headers[GeoHeaders.Session] = token;
        }

        if (session.Last is { } last)
        {
            GeoResponseHeaders.Set(httpContext, last, StatusOf(result));
        }

        return result;
    }

    private static int StatusOf(object? result) => (result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK;
}
