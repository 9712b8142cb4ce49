using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using OrleansGeo.Api.Errors;

namespace OrleansGeo.Server.Http;

/// <summary>How much one caller may ask: a bucket that fills at a steady rate, one a caller. Nobody waits in a queue: past it, 429.</summary>
internal static class RequestBudget
{
    private static readonly TimeSpan Refill = TimeSpan.FromMilliseconds(100);

    public static void Configure(RateLimiterOptions limiter, HttpOptions http)
    {
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            RateLimitPartition.GetTokenBucketLimiter(CallerOf(context), _ => BucketOf(http)));
        limiter.OnRejected = async (rejected, _) => await new Problem(
            ProblemKinds.TooManyRequests, string.Create(CultureInfo.InvariantCulture, $"More than {http.RequestsPerSecond} requests a second of this caller: send fewer."))
        {
            RetryAfter = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : null,
        }.ExecuteAsync(rejected.HttpContext);
    }

    /// <summary>Who signed in, else where it comes from: behind a proxy, all that are not signed in are one caller.</summary>
    private static string CallerOf(HttpContext context) =>
        context.User.FindFirst("sub")?.Value is { } subject ? $"sub {subject}" : $"ip {context.Connection.RemoteIpAddress}";

    private static TokenBucketRateLimiterOptions BucketOf(HttpOptions http)
    {
        var perRefill = Math.Max(1, (int)(http.RequestsPerSecond * Refill.TotalSeconds));
        return new()
        {
            TokenLimit = Math.Max(http.Burst, perRefill),
            TokensPerPeriod = perRefill,
            ReplenishmentPeriod = TimeSpan.FromSeconds((double)perRefill / http.RequestsPerSecond),
            QueueLimit = 0,
        };
    }
}
