namespace OrleansGeo;

/// <summary>What a caller chooses for the calls of a <see cref="GeoSession"/>.</summary>
public sealed record GeoCallOptions
{
    /// <summary>For <c>[ReadOnly]</c> methods. Default: <see cref="ReadConsistency.Local"/>.</summary>
    public ReadConsistency Consistency { get; init; }

    /// <summary>For <see cref="ReadConsistency.Bounded"/>, which requires it: how old the data may be. Zero or more.</summary>
    public TimeSpan? MaxStaleness { get; init; }

    /// <summary>
    /// What an earlier session had seen (<see cref="GeoSession.Token"/>), in whatever region: this one goes on from there. Default: it has seen nothing.
    /// A token of another world, or one that was changed, fails the first call: <see cref="GeoErrorCode.InvalidSession"/>.
    /// </summary>
    public string? SessionToken { get; init; }

    /// <summary>
    /// The caller's own request id: a call with the same key to the same entity takes effect once, and answers the same, within the
    /// deduplication window. Meant for one call; further calls of the session derive their ids from it by their order. Default: a new id for every call.
    /// A multi-writer entity is written by each region for itself: to one, a request is repeated through the same region.
    /// </summary>
    public string? RequestKey { get; init; }

    /// <summary>
    /// How long a call may take, retries included: more than zero, at most <see cref="LongestDeadline"/>. Default: the method's <see cref="ResponseTimeoutAttribute"/>, else Orleans'
    /// response timeout (30 s), and of either at most that. Inside a geo grain never more than what is left of the request that makes the call.
    /// </summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>
    /// The longest deadline: 5 minutes. Homes remember a request for 10 minutes by default; one that was repeated for longer could take effect twice.
    /// </summary>
    public static TimeSpan LongestDeadline { get; } = TimeSpan.FromMinutes(5);
}
