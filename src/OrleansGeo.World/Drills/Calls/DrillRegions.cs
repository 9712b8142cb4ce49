using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansGeo.Api.Errors;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.World.Outcomes;
using OrleansGeo.World.Processes;

namespace OrleansGeo.World.Drills.Calls;

/// <summary>The web APIs of a world's regions. Every request is sent once: what a drill measures must not be hidden by its client.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class DrillRegions : IDisposable
{
    /// <summary>How much longer than the deadline is waited for the answer that says so.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly TimeSpan _deadline;
    private readonly ImmutableArray<HttpClient> _clients;

    public DrillRegions(IEnumerable<ReadyRegion> regions, TimeSpan deadline, TimeProvider time)
    {
        _time = time;
        _deadline = deadline;
        ReadyRegion[] all = [.. regions];
        Names = [.. all.Select(static region => region.Region)];
        _clients = [.. all.Select(static region => new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(2) })
        {
            BaseAddress = new Uri(region.Url),
            Timeout = Timeout.InfiniteTimeSpan,
        })];
    }

    /// <summary>In the world's order.</summary>
    public ImmutableArray<string> Names { get; }

    public int Count => Names.Length;

    /// <summary>A request of the load.</summary>
    public Task<CallResult> WriteAsync(int region, string path, string key, object body, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", key);
        return CallAsync(region, request, cancellationToken);
    }

    /// <inheritdoc cref="WriteAsync"/>
    public Task<CallResult> ReadAsync(int region, string path, string consistency, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Geo-Consistency", consistency);
        return CallAsync(region, request, cancellationToken);
    }

    /// <summary>A question of the drill itself.</summary>
    /// <exception cref="WorldException">It was not answered.</exception>
    public async Task<T> GetAsync<T>(int region, string path, CancellationToken cancellationToken)
    {
        var body = await AskAsync(region, new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);
        try
        {
            return JsonSerializer.Deserialize<T>(body, JsonSerializerOptions.Web)!;
        }
        catch (JsonException exception)
        {
            throw WorldException.Failure(
                $"GET {path} at {Names[region]} was answered with something else than expected ({exception.Message.TrimEnd('.')}): is the world of this version?");
        }
    }

    /// <summary>A command of the drill itself.</summary>
    /// <exception cref="WorldException">It was refused, or not answered.</exception>
    public Task PostAsync(int region, string path, object? body, CancellationToken cancellationToken) =>
        AskAsync(region, new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : JsonContent.Create(body) }, cancellationToken);

    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }
    }

    private async Task<CallResult> CallAsync(int region, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Add("Geo-Deadline", string.Create(CultureInfo.InvariantCulture, $"{_deadline.TotalMilliseconds:0}ms"));
        var started = _time.GetTimestamp();
        try
        {
            return await ExchangeAsync(region, request, (response, body) => Read(response, body, started, _time.GetTimestamp()), cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new() { Outcome = CallOutcome.Unknown, Started = started, Ended = _time.GetTimestamp(), Code = CallResult.NoAnswer };
        }
    }

    private static CallResult Read(HttpResponseMessage response, byte[] body, long started, long ended)
    {
        _ = RecordVersion.TryParse(Header(response, "Geo-Version"), out var version);
        _ = long.TryParse(Header(response, "Geo-Epoch"), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch);
        var code = response.IsSuccessStatusCode ? "" : CodeOf(response, body);
        return new()
        {
            Outcome = response.IsSuccessStatusCode ? CallOutcome.Done
                : code == ProblemKinds.DeadlineExceeded.Code || (int)response.StatusCode is 500 or 504 ? CallOutcome.Unknown
                : CallOutcome.Refused,
            Started = started,
            Ended = ended,
            Status = (int)response.StatusCode,
            Code = code,
            HasRetryAfter = response.Headers.RetryAfter is not null,
            Epoch = epoch,
            Version = version,
            Body = body,
        };
    }

    /// <summary>Sends a request and reads the whole answer, within the deadline and a little more.</summary>
    private async Task<T> ExchangeAsync<T>(int region, HttpRequestMessage request, Func<HttpResponseMessage, byte[], T> read, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_deadline + Grace, _time);
        using var call = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        using (request)
        {
            using var response = await _clients[region].SendAsync(request, call.Token);
            return read(response, await response.Content.ReadAsByteArrayAsync(call.Token));
        }
    }

    private async Task<byte[]> AskAsync(int region, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var what = $"{request.Method} {request.RequestUri} at {Names[region]}";
        try
        {
            return await ExchangeAsync(
                region,
                request,
                (response, body) => response.IsSuccessStatusCode
                    ? body
                    : throw WorldException.Failure($"{what} was answered with {(int)response.StatusCode}: {DetailOf(body)}"),
                cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw WorldException.Failure($"{what} failed ({exception.Message}): is the region up?");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw WorldException.Failure($"{what} was not answered within {(_deadline + Grace).TotalSeconds:0} s: is the region up?");
        }
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.First() : null;

    private static string CodeOf(HttpResponseMessage response, byte[] body) =>
        Member(body, "code") ?? string.Create(CultureInfo.InvariantCulture, $"{(int)response.StatusCode}");

    private static string DetailOf(byte[] body) => Member(body, "detail") ?? "no problem details";

    private static string? Member(byte[] body, string name)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(name, out var member) ? member.ToString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
