namespace OrleansGeo.Abstractions.Sessions;

/// <summary>What a caller chooses for the calls of a <see cref="GeoSession"/>.</summary>
public sealed record GeoCallOptions
{
    /// <summary>For <c>[ReadOnly]</c> methods. Default: <see cref="ReadConsistency.Local"/>.</summary>
    public ReadConsistency Consistency { get; init; }

    /// <summary>
    /// The caller's own request id: a call with the same key to the same entity takes effect once, and answers the same, within the
    /// deduplication window. Meant for one call; further calls of the session derive their ids from it by their order. Default: a new id for every call.
    /// </summary>
    public string? RequestKey { get; init; }

    /// <summary>How long a call may take, retries included. Default: Orleans' response timeout (30 s).</summary>
    public TimeSpan? Deadline { get; init; }
}
