using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace OrleansGeo.Tests.Api;

/// <summary>Tells when a request has left the whole pipeline, so that a test can look at what it left behind.</summary>
internal sealed class RequestEnds : IStartupFilter
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _ends = new();

    /// <summary>Completes when a request to this path has ended.</summary>
    public Task Of(string path) => Source(path).Task;

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, rest) =>
        {
            try
            {
                await rest(context);
            }
            finally
            {
                Source(context.Request.Path).TrySetResult();
            }
        });
        next(app);
    };

    private TaskCompletionSource Source(string path) =>
        _ends.GetOrAdd(path, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
