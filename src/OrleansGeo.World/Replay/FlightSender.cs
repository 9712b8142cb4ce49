using System.Net.Http.Headers;
using OrleansGeo.World.Outcomes;

namespace OrleansGeo.World.Replay;

/// <summary>Sends every write of the plan, many at once, each until it is acknowledged.</summary>
internal sealed class FlightSender(WorldClient world, TimeProvider time)
{
    /// <summary>Writes under way through one region.</summary>
    public const int InFlightPerRegion = 256;

    private int _acknowledged;

    /// <summary>Writes that the world has acknowledged.</summary>
    public int Acknowledged => Volatile.Read(ref _acknowledged);

    /// <returns>How long each write took, retries included, sorted.</returns>
    /// <exception cref="WorldException">A write was refused for good.</exception>
    public async Task<TimeSpan[]> SendAsync(ReplayPlan plan, CancellationToken cancellationToken)
    {
        using var refused = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        WorldException? refusal = null;
        var perRegion = plan.Writes.Select((writes, region) => (Writes: writes, Region: region, Took: new TimeSpan[writes.Length])).ToArray();
        await Task.WhenAll(perRegion.Select(async work =>
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = InFlightPerRegion, CancellationToken = refused.Token };
            try
            {
                await Parallel.ForAsync(0, work.Writes.Length, options, async (index, token) =>
                    work.Took[index] = await SendOneAsync(work.Writes[index], work.Region, token));
            }
            catch (WorldException exception)
            {
                Interlocked.CompareExchange(ref refusal, exception, null);
                await refused.CancelAsync();
            }
            catch (OperationCanceledException) when (refused.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // Another region's refusal ended this one's work.
            }
        }));
        if (refusal is not null)
        {
            throw refusal;
        }

        var all = perRegion.SelectMany(static work => work.Took).ToArray();
        Array.Sort(all);
        return all;
    }

    private async Task<TimeSpan> SendOneAsync(FlightWrite write, int region, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var answer = await world.SendAsync(() => CreateRequest(write), region, anyRegion: true, cancellationToken);
        if (!answer.IsSuccess)
        {
            throw WorldException.Failure($"POST {write.Path} ({write.Key}) was refused: {answer}");
        }

        Interlocked.Increment(ref _acknowledged);
        return time.GetElapsedTime(started);
    }

    private static HttpRequestMessage CreateRequest(FlightWrite write)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, write.Path) { Content = new ByteArrayContent(write.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("Idempotency-Key", write.Key);
        return request;
    }
}
