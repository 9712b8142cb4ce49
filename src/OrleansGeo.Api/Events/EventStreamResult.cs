using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using OrleansGeo.Api.Errors;
using OrleansGeo.Operations;

namespace OrleansGeo.Api.Events;

/// <summary>Writes events as they happen and a comment when nothing did, until the client leaves or the host stops.</summary>
/// <param name="admin">Whose events.</param>
/// <param name="streams">Where this stream is counted.</param>
/// <param name="time">For the heartbeat.</param>
/// <param name="hostStops">The host would wait for an open stream until its patience ends.</param>
internal sealed class EventStreamResult(IGeoAdmin admin, EventStreams streams, TimeProvider time, CancellationToken hostStops) : IResult
{
    public const string ContentType = "text/event-stream";

    /// <summary>Shorter than what proxies take for a dead connection, and what tells this side that the client is gone.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (!streams.TryOpen())
        {
            await new Problem(
                ProblemKinds.TooManyRequests,
                $"{streams.Limit} readers watch the events of this server already, which is its limit: close one, or ask another region.").ExecuteAsync(httpContext);
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, hostStops);
        try
        {
            Start(httpContext);
            await WriteAllAsync(httpContext.Response, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // That is how a stream ends.
        }
        finally
        {
            streams.Close();
        }
    }

    private static void Start(HttpContext httpContext)
    {
        httpContext.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        httpContext.Response.ContentType = ContentType;
        httpContext.Response.Headers[HeaderNames.CacheControl] = "no-store";
    }

    private async Task WriteAllAsync(HttpResponse response, CancellationTokenSource stop)
    {
        var events = admin.WatchAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        var next = events.MoveNextAsync().AsTask();
        try
        {
            // Only now: who reads this misses nothing that happens from here on.
            await WriteAsync(response, ": watching\n\n", stop.Token);
            while (true)
            {
                if (!await HappensInTimeAsync(next, stop.Token))
                {
                    await WriteAsync(response, ": nothing new\n\n", stop.Token);
                }
                else if (await next)
                {
                    await WriteAsync(response, Text(events.Current), stop.Token);
                    next = events.MoveNextAsync().AsTask();
                }
                else
                {
                    return;
                }
            }
        }
        finally
        {
            // The enumerator is not to be disposed while it is asked for the next.
            await stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await events.DisposeAsync();
        }
    }

    private async Task<bool> HappensInTimeAsync(Task next, CancellationToken cancellationToken)
    {
        try
        {
            await next.WaitAsync(Heartbeat, time, cancellationToken);
            return true;
        }
        catch (TimeoutException) when (!next.IsCompleted)
        {
            return false;
        }
    }

    /// <summary>JSON has no line breaks of its own, so one data line is enough.</summary>
    private static string Text(GeoEvent happened)
    {
        var name = EventNames.Of(happened.Type);
        var view = new EventView(happened.Id, happened.At, name, happened.Region, happened.Shard, happened.Epoch, happened.Text);
        return FormattableString.Invariant($"id: {happened.Id}\nevent: {name}\ndata: {JsonSerializer.Serialize(view, JsonSerializerOptions.Web)}\n\n");
    }

    private static async Task WriteAsync(HttpResponse response, string text, CancellationToken cancellationToken)
    {
        await response.WriteAsync(text, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
