namespace OrleansGeo.Storage;

/// <summary>A region's store failed. The message says what happened, where, and what to do.</summary>
public sealed class RegionStoreException : Exception
{
    /// <summary>A failure of the store.</summary>
    /// <param name="failure">Its kind, which decides whether the same call is repeated.</param>
    /// <param name="message">What happened, where, and what to do.</param>
    /// <param name="innerException">What the database said.</param>
    public RegionStoreException(RegionStoreFailure failure, string message, Exception? innerException = null)
        : base(message, innerException) => Failure = failure;

    /// <summary>Its kind.</summary>
    public RegionStoreFailure Failure { get; }
}
