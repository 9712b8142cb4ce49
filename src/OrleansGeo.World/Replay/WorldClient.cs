using System.Collections.Immutable;
using System.Net;
using OrleansGeo.World.Processes;

namespace OrleansGeo.World.Replay;

/// <summary>The web APIs of a world's regions, one client each. Sends a request until it is answered, through another region if one is down.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class WorldClient : IDisposable
{
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>How long a region that did not answer is passed over.</summary>
    private static readonly TimeSpan Avoidance = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly ImmutableArray<HttpClient> _clients;
    private readonly long[] _avoidUntil;
    private long _retries;

    public WorldClient(IEnumerable<ReadyRegion> regions, int connectionsPerRegion, TimeProvider time)
    {
        _time = time;
        Regions = [.. regions];
        _clients = [.. Regions.Select(region => new HttpClient(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = connectionsPerRegion,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(2),
        })
        {
            BaseAddress = new Uri(region.Url),
            Timeout = Timeout.InfiniteTimeSpan,
        })];
        _avoidUntil = new long[Regions.Length];
    }

    public ImmutableArray<ReadyRegion> Regions { get; }

    /// <summary>Attempts that had to be repeated.</summary>
    public long Retries => Interlocked.Read(ref _retries);

    /// <summary>Sends the request until it has an answer that repeating would not change.</summary>
    /// <param name="create">Makes the request anew for every attempt, with the same idempotency key.</param>
    /// <param name="region">The index of the region to send it through.</param>
    /// <param name="anyRegion">Whether another region will do while that one does not answer.</param>
    /// <param name="cancellationToken">Ends the attempts.</param>
    public async Task<WorldAnswer> SendAsync(
        Func<HttpRequestMessage> create, int region, bool anyRegion, CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        for (var attempt = 0; ; attempt++)
        {
            var through = anyRegion ? Choose((region + attempt) % Regions.Length) : region;
            var (answer, retryAfter) = await TryAsync(through, create, cancellationToken);
            if (answer is not null)
            {
                return answer;
            }

            Interlocked.Increment(ref _retries);
            await Task.Delay(retryAfter is { } asked && asked < LongestPause ? asked : pause, _time, cancellationToken);
            pause = pause + pause < LongestPause ? pause + pause : LongestPause;
        }
    }

    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }
    }

    /// <summary>The first region from this one on that answered when last asked; this one when none did.</summary>
    private int Choose(int first)
    {
        for (var i = 0; i < Regions.Length; i++)
        {
            var region = (first + i) % Regions.Length;
            if (_time.GetTimestamp() >= Volatile.Read(ref _avoidUntil[region]))
            {
                return region;
            }
        }

        return first;
    }

    /// <returns>The answer; or null, and how long the server asked to wait, when the request must be repeated.</returns>
    private async Task<(WorldAnswer? Answer, TimeSpan? RetryAfter)> TryAsync(
        int region, Func<HttpRequestMessage> create, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(AttemptTimeout, _time);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        using var request = create();
        try
        {
            using var response = await _clients[region].SendAsync(request, attempt.Token);
            if (response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout or HttpStatusCode.TooManyRequests)
            {
                return (null, response.Headers.RetryAfter?.Delta);
            }

            return (new(response.StatusCode, await response.Content.ReadAsByteArrayAsync(attempt.Token)), null);
        }
        catch (HttpRequestException)
        {
            Avoid(region);
            return (null, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Avoid(region);
            return (null, null);
        }
    }

    private void Avoid(int region) =>
        Volatile.Write(ref _avoidUntil[region], _time.GetTimestamp() + (long)(Avoidance.TotalSeconds * _time.TimestampFrequency));
}
