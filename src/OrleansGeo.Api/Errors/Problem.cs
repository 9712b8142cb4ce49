using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace OrleansGeo.Api.Errors;

/// <summary>An error as a value: an endpoint returns it, and this type alone writes it as <c>application/problem+json</c>.</summary>
/// <param name="Kind">Code and status.</param>
/// <param name="Detail">What happened, where, and what to do.</param>
internal sealed record Problem(ProblemKind Kind, string Detail) : IResult, IStatusCodeHttpResult
{
    public const string ContentType = "application/problem+json";

    // Not the application's own options, which may change: clients parse this. Escaped for JSON only, as it is never HTML.
    private static readonly JsonSerializerOptions Writing =
        new(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>When to come back. Default: 1 s for statuses 429 and 503, else not said.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Members of the body that only this occurrence has.</summary>
    public ImmutableDictionary<string, JsonElement> Extensions { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;

    /// <summary>Response headers that belong to this error, for instance <c>Accept-Patch</c>.</summary>
    public ImmutableDictionary<string, string> Headers { get; init; } = ImmutableDictionary<string, string>.Empty;

    int? IStatusCodeHttpResult.StatusCode => Kind.Status;

    public Problem With(string member, string? value) =>
        this with { Extensions = Extensions.SetItem(member, JsonSerializer.SerializeToElement(value)) };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var response = httpContext.Response;
        response.StatusCode = Kind.Status;
        response.Headers[HeaderNames.CacheControl] = "no-store";
        foreach (var (name, value) in Headers)
        {
            response.Headers[name] = value;
        }

        if (RetryAfter is not null || Kind.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = Seconds(RetryAfter ?? DefaultRetryAfter);
        }

        return response.WriteAsJsonAsync(Body(httpContext), Writing, ContentType, httpContext.RequestAborted);
    }

    /// <summary>Whole seconds, upwards: a client that comes back too early only waits again.</summary>
    private static string Seconds(TimeSpan wait) =>
        Math.Clamp(Math.Ceiling(wait.TotalSeconds), 1, int.MaxValue).ToString("F0", System.Globalization.CultureInfo.InvariantCulture);

    private ProblemBody Body(HttpContext httpContext) => new()
    {
        Type = Kind.Type,
        Title = Kind.Title,
        Status = Kind.Status,
        Detail = Detail,
        Code = Kind.Code,
        Instance = httpContext.Request.Path.ToUriComponent(),
        TraceId = Activity.Current?.TraceId.ToHexString() ?? httpContext.TraceIdentifier,
        Extensions = Extensions.IsEmpty ? null : Extensions.ToDictionary(),
    };
}
