namespace OrleansGeo.Runtime.Storage;

/// <summary>A region's store failed. The message says what happened, where, and what to do.</summary>
[GenerateSerializer, Alias("orleansgeo.storeexception")]
public sealed class RegionStoreException : Exception
{
    public RegionStoreException(RegionStoreFailure failure, string message, Exception? innerException = null)
        : base(message, innerException) => Failure = failure;

    [Id(0)]
    public RegionStoreFailure Failure { get; private set; }
}
