using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using OrleansGeo.Api.Errors;

namespace OrleansGeo.Api;

/// <summary>Puts the middleware that turns failures into problems around everything else, routing included.</summary>
internal sealed class GeoApiStartupFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        // The handler is GeoExceptionHandler; it needs no pipeline of its own.
        app.UseExceptionHandler(static _ => { });
        app.UseStatusCodePages(static context => StatusProblems.Of(context.HttpContext).ExecuteAsync(context.HttpContext));
        next(app);
    };
}
