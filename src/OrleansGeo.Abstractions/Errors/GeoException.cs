namespace OrleansGeo;

/// <summary>A <see cref="GeoError"/> that reached code which must be told by exception.</summary>
[GenerateSerializer, Alias("orleansgeo.exception")]
public sealed class GeoException : Exception
{
    /// <summary>Makes the exception that carries <paramref name="error"/>; its message is the error's.</summary>
    /// <param name="error">What happened.</param>
    /// <param name="innerException">The cause; null when there is none. Default null.</param>
    public GeoException(GeoError error, Exception? innerException = null)
        : base(error.Message, innerException) => Error = error;

    /// <summary>What happened.</summary>
    [Id(0)]
    public GeoError Error { get; private set; }

    /// <summary>The code of <see cref="Error"/>.</summary>
    public GeoErrorCode Code => Error.Code;
}
