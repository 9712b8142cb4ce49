namespace OrleansGeo;

/// <summary>The stable codes of OrleansGeo's errors: the same in exceptions, problem details and metrics.</summary>
public enum GeoErrorCode
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>The home did not answer before the deadline, and no attempt can have reached it: nothing happened.</summary>
    HomeUnavailable = 1,

    /// <summary>The deadline passed and at least one attempt may have reached the home: the write may have happened. Repeat it with the same request id.</summary>
    DeadlineExceeded = 2,

    /// <summary>This activation is a replica: it can be read, not written. Nothing happened.</summary>
    NotHome = 3,

    /// <summary>The request id was used before for a different request to this entity. Nothing happened.</summary>
    IdempotencyMismatch = 4,

    /// <summary>A limit was passed; the message says which and by how much. Nothing happened.</summary>
    TooLarge = 5,

    /// <summary>A queue is full; try again later. Nothing happened.</summary>
    TooManyRequests = 6,

    /// <summary>The method cannot be sent to another region: it takes an observer of the caller or returns a stream. Nothing happened.</summary>
    NotForwardable = 7,

    /// <summary>A method marked <c>[ReadOnly]</c> tried to write. Nothing happened.</summary>
    ReadOnlyMethod = 8,

    /// <summary>A broken invariant: the shard stopped rather than go on. A bug, or a store that went back in time.</summary>
    InvariantBroken = 9,

    /// <summary>Configuration that cannot work.</summary>
    InvalidConfiguration = 10,

    /// <summary>This region cannot reach a majority of regions, or lost its lease: it does not write, and reads only locally. Nothing happened.</summary>
    RegionIsolated = 11,

    /// <summary>The world has no region of that name. Nothing happened.</summary>
    UnknownRegion = 12,

    /// <summary>No other region can be home: draining or failing over this one would leave nothing. Nothing happened.</summary>
    LastRegion = 13,

    /// <summary>No ledger has a lost write of that id. Nothing happened.</summary>
    UnknownLostWrite = 14,

    /// <summary>The entity was written after the lost write: replaying that would undo what came since. Nothing happened.</summary>
    EntityChanged = 15,

    /// <summary>The data here is older than the read allows, and the home did not answer. Nothing happened.</summary>
    TooStale = 16,

    /// <summary>
    /// What the session saw of the entity's shard was left behind by a forced promotion and is in the ledger. Nothing happened. The session's token is
    /// repaired: it goes on from what survived.
    /// </summary>
    WriteLost = 17,

    /// <summary>The session token was changed or cut off, or is of another world, of another version, or of data that was reset. Nothing happened.</summary>
    InvalidSession = 18,

    /// <summary>The region is drained, or is only now being given its homes back: nothing can be moved to it. Nothing happened.</summary>
    Draining = 19,

    /// <summary>
    /// A call came back to an entity whose own request waits for it, over one or more others: it could only wait for itself. That call did not run; what requests that wait for it had written
    /// is stored. Let the call not be waited for, mark the method
    /// <c>[ReadOnly]</c> or <c>[AlwaysInterleave]</c> where that is right, or allow the chain to come back by <c>RequestContext.AllowCallChainReentrancy()</c>.
    /// </summary>
    CallCycle = 20,

    /// <summary>
    /// The region that served an <c>IAsyncEnumerable</c> was lost in its middle, or is not the entity's home any more. The elements that came are right; none comes twice and none is left out, so
    /// there are no more. Enumerate anew.
    /// </summary>
    EnumerationAborted = 21,

    /// <summary>A region's total of a counter would pass 2^63 - 1. Nothing happened.</summary>
    CounterOverflow = 30,

    /// <summary>An argument that a state cannot take; the message says which and why. Nothing happened.</summary>
    InvalidArgument = 31,
}
