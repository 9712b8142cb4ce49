namespace OrleansGeo.Abstractions.Errors;

/// <summary>A <see cref="GeoError"/> that reached code which must be told by exception.</summary>
[GenerateSerializer, Alias("orleansgeo.exception")]
public sealed class GeoException : Exception
{
    public GeoException(GeoError error, Exception? innerException = null)
        : base(error.Message, innerException) => Error = error;

    [Id(0)]
    public GeoError Error { get; private set; }

    public GeoErrorCode Code => Error.Code;
}
