using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OrleansGeo.Api.Errors;

/// <summary>Turns what escaped an endpoint into a problem, and logs it if nobody expected it.</summary>
internal sealed partial class GeoExceptionHandler(ILogger<GeoExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!ExceptionProblems.TryOf(exception, out var problem))
        {
            LogBug(httpContext.Request.Method, httpContext.Request.Path, exception);
            problem = ExceptionProblems.OfBug();
        }

        await problem.ExecuteAsync(httpContext);
        return true;
    }

    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed with an exception that nothing maps to a problem: a bug.")]
    private partial void LogBug(string method, string path, Exception exception);
}
