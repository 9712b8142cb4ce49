using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Errors;

/// <summary>A store's failure as it travels between silos: the store's contract knows nothing of Orleans.</summary>
[RegisterConverter]
internal sealed class RegionStoreExceptionConverter : IConverter<RegionStoreException, RegionStoreExceptionSurrogate>
{
    public RegionStoreException ConvertFromSurrogate(in RegionStoreExceptionSurrogate surrogate) => new(surrogate.Failure, surrogate.Message);

    public RegionStoreExceptionSurrogate ConvertToSurrogate(in RegionStoreException value) => new() { Failure = value.Failure, Message = value.Message };
}
