using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Orleans.Runtime;

namespace OrleansGeo.Api.Errors;

/// <summary>What a client is told of an exception. Never its stack trace, and its message only where this project wrote it.</summary>
internal static class ExceptionProblems
{
    /// <summary>The problem of an exception that says something other than "a bug".</summary>
    public static bool TryOf(Exception exception, [NotNullWhen(true)] out Problem? problem)
    {
        problem = exception switch
        {
            GeoException geo => new(ProblemKinds.Of(geo.Code), geo.Message) { RetryAfter = geo.Error.RetryAfter },
            BadHttpRequestException bad => OfBadRequest(bad),

            // The call left and no answer came: it may have happened, and DeadlineExceeded is the one code that admits that.
            TimeoutException => OutcomeUnknown("No answer came in time."),
            SiloUnavailableException or OrleansMessageRejectionException =>
                OutcomeUnknown("The connection to the entity was lost before its answer came."),
            _ => null,
        };
        return problem is not null;
    }

    public static Problem OfBug() => new(
        ProblemKinds.Internal,
        "The server failed in a way that it should not; its log has the reason under this traceId. "
        + "If the request was a write, its outcome is not known: repeat it with the same Idempotency-Key.");

    private static Problem OutcomeUnknown(string what) => new(
        ProblemKinds.DeadlineExceeded,
        $"{what} If the request was a write, it may have happened: repeat it with the same Idempotency-Key, which is safe and tells.");

    private static Problem OfBadRequest(BadHttpRequestException bad) => bad.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => new(ProblemKinds.TooLarge, "The body is larger than this server accepts: send less."),
        StatusCodes.Status408RequestTimeout => new(ProblemKinds.RequestTimeout, "The body arrived too slowly: send it again, faster."),
        _ => new(ProblemKinds.InvalidRequest, bad.Message),
    };
}
