using Orleans.Serialization.Invocation;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Errors;

/// <summary>
/// Tells what a request ran into from what it answered. That a deadline passed, a region was cut off or a shard moved is true of one attempt, and must not become the answer that
/// every repeat of the request gets.
/// </summary>
/// <remarks>An exception that the grain's code makes of it, with this one inside, is the grain's own answer.</remarks>
internal static class OwnFailures
{
    /// <summary>Whether an exception that a method let pass says nothing of the request.</summary>
    /// <param name="exception">What the method threw.</param>
    /// <param name="request">The request; a cancellation counts if its own token was cancelled.</param>
    public static bool IsOurs(Exception exception, IInvokable request) => exception switch
    {
        GeoException geo => IsOurs(geo.Code),
        OperationCanceledException => request.GetCancellationToken().IsCancellationRequested,
        ShardClosedException or ShardNotHereException or TypeNotServedException or RegionStoreException => true,
        AggregateException several => several.InnerExceptions.Any(inner => IsOurs(inner, request)),
        _ => false,
    };

    /// <summary>The error in what a method threw that says that nothing happened; null: there is none.</summary>
    public static GeoException? FindNothing(Exception exception) => exception switch
    {
        GeoException geo when SaysNothing(geo.Code) => geo,
        AggregateException several => several.InnerExceptions.Select(FindNothing).FirstOrDefault(static found => found is not null),
        _ => null,
    };

    /// <summary>Whether an error promises, as its code is documented, that nothing happened. What is too large says itself what happened.</summary>
    public static bool SaysNothing(GeoErrorCode code) => code is GeoErrorCode.HomeUnavailable
        or GeoErrorCode.NotHome
        or GeoErrorCode.IdempotencyMismatch
        or GeoErrorCode.TooManyRequests
        or GeoErrorCode.NotForwardable
        or GeoErrorCode.ReadOnlyMethod
        or GeoErrorCode.RegionIsolated
        or GeoErrorCode.UnknownRegion
        or GeoErrorCode.LastRegion
        or GeoErrorCode.UnknownLostWrite
        or GeoErrorCode.EntityChanged
        or GeoErrorCode.TooStale
        or GeoErrorCode.WriteLost
        or GeoErrorCode.InvalidSession
        or GeoErrorCode.Draining
        or GeoErrorCode.CounterOverflow
        or GeoErrorCode.InvalidArgument;

    private static bool IsOurs(GeoErrorCode code) => code is GeoErrorCode.DeadlineExceeded
        or GeoErrorCode.HomeUnavailable
        or GeoErrorCode.NotHome
        or GeoErrorCode.CallCycle
        or GeoErrorCode.RegionIsolated
        or GeoErrorCode.TooManyRequests
        or GeoErrorCode.TooStale
        or GeoErrorCode.WriteLost
        or GeoErrorCode.EnumerationAborted;
}
