namespace OrleansGeo.Api.Errors;

/// <summary>Every code that the web API answers with, and its status: the one table of both.</summary>
internal static class ProblemKinds
{
    public static ProblemKind InvalidRequest { get; } = new("InvalidRequest", 400, "A header or parameter is not understood.");

    public static ProblemKind InvalidDocument { get; } = new("InvalidDocument", 400, "The body is not the JSON that is asked for.");

    public static ProblemKind InvalidKey { get; } = new("InvalidKey", 400, "The name in the path cannot be a key.");

    public static ProblemKind InvalidSession { get; } = new("InvalidSession", 400, "The session token is not understood.");

    public static ProblemKind InvalidArgument { get; } = new("InvalidArgument", 400, "An argument cannot be taken.");

    public static ProblemKind Unauthorized { get; } = new("Unauthorized", 401, "The caller is not known.");

    public static ProblemKind Forbidden { get; } = new("Forbidden", 403, "The caller may not do this.");

    public static ProblemKind NotFound { get; } = new("NotFound", 404, "There is nothing here.");

    public static ProblemKind UnknownRegion { get; } = new("UnknownRegion", 404, "The world has no such region.");

    public static ProblemKind UnknownLostWrite { get; } = new("UnknownLostWrite", 404, "No ledger has such a lost write.");

    public static ProblemKind MethodNotAllowed { get; } = new("MethodNotAllowed", 405, "The method is not supported here.");

    public static ProblemKind RequestTimeout { get; } = new("RequestTimeout", 408, "The request arrived too slowly.");

    public static ProblemKind IdempotencyMismatch { get; } =
        new("IdempotencyMismatch", 409, "The idempotency key was used before for a different request.");

    public static ProblemKind WriteLost { get; } = new("WriteLost", 409, "What the session has seen was left behind by a forced promotion.");

    public static ProblemKind LastRegion { get; } = new("LastRegion", 409, "No other region can be home.");

    public static ProblemKind EntityChanged { get; } = new("EntityChanged", 409, "The entity was written since.");

    public static ProblemKind CounterOverflow { get; } = new("CounterOverflow", 409, "A counter is full.");

    public static ProblemKind VersionConflict { get; } = new("VersionConflict", 412, "The entity is not in the state that the request asks for.");

    public static ProblemKind TooLarge { get; } = new("TooLarge", 413, "A limit was passed.");

    public static ProblemKind UnsupportedMediaType { get; } = new("UnsupportedMediaType", 415, "The body is of a type that is not accepted here.");

    public static ProblemKind TooManyRequests { get; } = new("TooManyRequests", 429, "More is asked than there is room for.");

    public static ProblemKind Internal { get; } = new("Internal", 500, "The server failed.");

    public static ProblemKind NotForwardable { get; } = new("NotForwardable", 500, "The call cannot be sent to another region.");

    public static ProblemKind CallCycle { get; } = new("CallCycle", 500, "A call waits for itself.");

    public static ProblemKind ReadOnlyMethod { get; } = new("ReadOnlyMethod", 500, "A method that only reads tried to write.");

    public static ProblemKind InvariantBroken { get; } = new("InvariantBroken", 500, "A shard stopped rather than break a promise.");

    public static ProblemKind InvalidConfiguration { get; } = new("InvalidConfiguration", 500, "The server is configured wrongly.");

    public static ProblemKind HomeUnavailable { get; } = new("HomeUnavailable", 503, "The home region cannot be reached.");

    public static ProblemKind RegionIsolated { get; } = new("RegionIsolated", 503, "This region cannot reach a majority of regions.");

    public static ProblemKind TooStale { get; } = new("TooStale", 503, "The data here is older than the request allows, and the home did not answer.");

    public static ProblemKind Draining { get; } = new("Draining", 503, "The region is drained.");

    public static ProblemKind EnumerationAborted { get; } = new("EnumerationAborted", 503, "The region that served an enumeration was lost in its middle.");

    public static ProblemKind NotHome { get; } = new("NotHome", 503, "The home of the entity is moving.");

    public static ProblemKind DeadlineExceeded { get; } = new("DeadlineExceeded", 504, "The deadline passed; the outcome is not known.");

    /// <summary>The kind of an error that came out of the runtime.</summary>
    public static ProblemKind Of(GeoErrorCode code) => code switch
    {
        GeoErrorCode.HomeUnavailable => HomeUnavailable,
        GeoErrorCode.DeadlineExceeded => DeadlineExceeded,
        GeoErrorCode.NotHome => NotHome,
        GeoErrorCode.IdempotencyMismatch => IdempotencyMismatch,
        GeoErrorCode.TooLarge => TooLarge,
        GeoErrorCode.TooManyRequests => TooManyRequests,
        GeoErrorCode.NotForwardable => NotForwardable,
        GeoErrorCode.ReadOnlyMethod => ReadOnlyMethod,
        GeoErrorCode.InvariantBroken => InvariantBroken,
        GeoErrorCode.InvalidConfiguration => InvalidConfiguration,
        GeoErrorCode.RegionIsolated => RegionIsolated,
        GeoErrorCode.UnknownRegion => UnknownRegion,
        GeoErrorCode.LastRegion => LastRegion,
        GeoErrorCode.UnknownLostWrite => UnknownLostWrite,
        GeoErrorCode.EntityChanged => EntityChanged,
        GeoErrorCode.TooStale => TooStale,
        GeoErrorCode.WriteLost => WriteLost,
        GeoErrorCode.InvalidSession => InvalidSession,
        GeoErrorCode.Draining => Draining,
        GeoErrorCode.CallCycle => CallCycle,
        GeoErrorCode.EnumerationAborted => EnumerationAborted,
        GeoErrorCode.CounterOverflow => CounterOverflow,
        GeoErrorCode.InvalidArgument => InvalidArgument,
        _ => Internal,
    };
}
