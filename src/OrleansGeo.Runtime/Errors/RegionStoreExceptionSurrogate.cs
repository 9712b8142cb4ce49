using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Errors;

/// <summary>What is sent of a <see cref="RegionStoreException"/>.</summary>
[GenerateSerializer, Alias("orleansgeo.storeexception")]
internal struct RegionStoreExceptionSurrogate
{
    [Id(0)]
    public RegionStoreFailure Failure { get; set; }

    [Id(1)]
    public string Message { get; set; }
}
