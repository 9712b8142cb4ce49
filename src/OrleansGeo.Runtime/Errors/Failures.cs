using Microsoft.AspNetCore.Connections;
using Orleans.Runtime.Messaging;
using Orleans.Serialization;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Errors;

/// <summary>Sorts what the messaging layer throws.</summary>
internal static class Failures
{
    /// <summary>Whether the message may or may not have arrived, and sending it again can help.</summary>
    public static bool IsTransient(Exception exception) => exception is OrleansMessageRejectionException
        or TimeoutException
        or ConnectionFailedException
        or ConnectionAbortedException
        or GatewayTooBusyException
        or ClientNotAvailableException
        or ObjectDisposedException
        or OperationCanceledException
        or OrleansLifecycleCanceledException
        or ShardNotHereException
        or TypeNotServedException
        or RegionStoreException
        || exception.GetType() == typeof(OrleansException)
        || IsPlacementTimeout(exception);

    /// <summary>Orleans asked a silo that does not answer where a grain is, for 30 s, and rejects the message with an exception that no caller can read: the message did not arrive.</summary>
    private static bool IsPlacementTimeout(Exception exception) =>
        exception is CodecNotFoundException && exception.Message.Contains("Polly.Timeout.TimeoutRejectedException", StringComparison.Ordinal);
}
