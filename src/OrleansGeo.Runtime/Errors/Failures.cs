using Microsoft.AspNetCore.Connections;
using Orleans.Runtime.Messaging;
using OrleansGeo.Runtime.Storage;

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
        or RegionStoreException
        || exception.GetType() == typeof(OrleansException);
}
