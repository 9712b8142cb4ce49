using Orleans.Serialization.Invocation;
using OrleansGeo.Abstractions.Errors;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.Storage;

namespace OrleansGeo.Runtime.Routing;

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
        ShardClosedException or ShardNotHereException or RegionStoreException => true,
        AggregateException several => several.InnerExceptions.Any(inner => IsOurs(inner, request)),
        _ => false,
    };

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
