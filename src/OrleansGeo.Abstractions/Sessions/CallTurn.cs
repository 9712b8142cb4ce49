namespace OrleansGeo;

/// <summary>One request inside a geo grain, as code that runs in it sees it.</summary>
internal abstract class CallTurn
{
    /// <summary>Completes when everything that was written so far is durable as the grain type demands.</summary>
    public abstract Task DurableAsync();

    /// <summary>An id that is the same whenever the request is repeated.</summary>
    public abstract Guid NewGuid();

    /// <summary>When the request was made: the same whenever it is repeated.</summary>
    public abstract DateTimeOffset UtcNow { get; }
}
