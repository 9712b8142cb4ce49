using Microsoft.AspNetCore.Diagnostics;

namespace OrleansGeo.Api.Errors;

/// <summary>
/// In the Development environment ASP.NET Core answers every exception with a page for developers, before <see cref="GeoExceptionHandler"/> sees it. What is
/// expected to happen is a problem there, too; the page is left for bugs.
/// </summary>
internal sealed class DeveloperPageProblems : IDeveloperPageExceptionFilter
{
    public Task HandleExceptionAsync(ErrorContext errorContext, Func<ErrorContext, Task> next) =>
        ExceptionProblems.TryOf(errorContext.Exception, out var problem) ? problem.ExecuteAsync(errorContext.HttpContext) : next(errorContext);
}
