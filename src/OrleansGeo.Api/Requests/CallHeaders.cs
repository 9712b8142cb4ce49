using Microsoft.AspNetCore.Http;
using OrleansGeo.Api.Errors;
using OrleansGeo.Protocol.Sessions;

namespace OrleansGeo.Api.Requests;

/// <summary>The request headers that choose how a call is made: consistency, deadline, idempotency key, session.</summary>
internal static class CallHeaders
{
    public const int MaxIdempotencyKeyLength = 256;
    public const int MaxSessionLength = GeoSession.MaxTokenLength;

    private const string Bounded = "bounded";
    private const string Max = "max=";

    public static Parsed<GeoCallOptions> Parse(HttpRequest request, GeoApiOptions options)
    {
        if (!Read(request, GeoHeaders.Consistency).TryGet(out var consistency, out var problem)
            || !Consistency(consistency.Value).TryGet(out var read, out problem)
            || !Read(request, GeoHeaders.Deadline).TryGet(out var deadline, out problem)
            || !Deadline(deadline.Value, options).TryGet(out var wait, out problem)
            || !Read(request, GeoHeaders.IdempotencyKey).TryGet(out var key, out problem)
            || !Token(GeoHeaders.IdempotencyKey, key.Value, MaxIdempotencyKeyLength, ProblemKinds.InvalidRequest).TryGet(out _, out problem)
            || !IdempotencyScope.Of(request.HttpContext.User, RequestMethods.IsRead(request.Method) ? null : key.Value).TryGet(out var name, out problem)
            || !Read(request, GeoHeaders.Session).TryGet(out var session, out problem)
            || !Token(GeoHeaders.Session, session.Value, MaxSessionLength, ProblemKinds.InvalidSession).TryGet(out _, out problem))
        {
            return new(problem);
        }

        return new(new GeoCallOptions
        {
            Consistency = read.Level,
            MaxStaleness = read.MaxStaleness,
            SessionToken = session.Value,
            Deadline = wait,
            RequestKey = name.Key,
        });
    }

    private static Parsed<HeaderText> Read(HttpRequest request, string name)
    {
        var values = request.Headers[name];
        return values.Count > 1
            ? new(new Problem(ProblemKinds.InvalidRequest, $"The header {name} is given {values.Count} times: give it once."))
            : new(new HeaderText(values.Count == 0 ? null : values[0] ?? ""));
    }

    private static Parsed<Freshness> Consistency(string? text) => text?.ToUpperInvariant() switch
    {
        null or "LOCAL" => new(new Freshness(ReadConsistency.Local)),
        "SESSION" => new(new Freshness(ReadConsistency.Session)),
        "STRONG" => new(new Freshness(ReadConsistency.Strong)),
        _ when IsBounded(text, out var bound) => new(new Freshness(ReadConsistency.Bounded, bound)),
        _ => new(new Problem(
            ProblemKinds.InvalidRequest,
            $"The header {GeoHeaders.Consistency} is '{Shown(text)}': use local, session, strong, or bounded;max= and {Durations.Grammar}.")),
    };

    private static bool IsBounded(string text, out TimeSpan bound)
    {
        bound = default;
        var semicolon = text.IndexOf(';', StringComparison.Ordinal);
        if (semicolon < 0 || !text.AsSpan(0, semicolon).Trim().Equals(Bounded, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var parameter = text.AsSpan(semicolon + 1).Trim();
        return parameter.StartsWith(Max, StringComparison.OrdinalIgnoreCase) && Durations.TryParse(parameter[Max.Length..], out bound);
    }

    private static Parsed<TimeSpan> Deadline(string? text, GeoApiOptions options)
    {
        if (text is null)
        {
            return new(options.DefaultDeadline);
        }

        if (!Durations.TryParse(text, out var deadline))
        {
            return new(new Problem(ProblemKinds.InvalidRequest, $"The header {GeoHeaders.Deadline} is '{Shown(text)}': use {Durations.Grammar}."));
        }

        return deadline <= options.MaxDeadline
            ? new(deadline)
            : new(new Problem(
                ProblemKinds.InvalidRequest,
                $"The header {GeoHeaders.Deadline} is '{Shown(text)}': at most {Durations.Format(options.MaxDeadline)} are allowed."));
    }

    private static Parsed<bool> Token(string header, string? text, int maxLength, ProblemKind kind) =>
        text is null || (text.Length > 0 && text.Length <= maxLength && text.All(static c => c is > ' ' and <= '~'))
            ? new(true)
            : new(new Problem(kind, $"The header {header} has {text.Length} characters or one that is not visible ASCII: use 1 to {maxLength} visible ASCII characters."));

    // A header can be long; a message should not be.
    private static string Shown(string text) => text.Length <= 64 ? text : $"{text[..64]}…";

    private readonly record struct HeaderText(string? Value);

    private readonly record struct Freshness(ReadConsistency Level, TimeSpan? MaxStaleness = null);
}
