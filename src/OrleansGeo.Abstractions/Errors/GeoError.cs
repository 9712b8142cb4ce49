namespace OrleansGeo;

/// <summary>An expected failure as a value: what happened, where, and what to do, in one message.</summary>
/// <param name="Code">What happened, for programs.</param>
/// <param name="Message">What happened, where, and what to do, for people.</param>
/// <param name="RetryAfter">How long to wait before trying again; null when the failure says nothing of it. Default null.</param>
[GenerateSerializer, Immutable, Alias("orleansgeo.error")]
public sealed record GeoError(
    [property: Id(0)] GeoErrorCode Code,
    [property: Id(1)] string Message,
    [property: Id(2)] TimeSpan? RetryAfter = null)
{
    /// <summary>The exception that carries this error.</summary>
    /// <param name="innerException">The cause; null when there is none. Default null.</param>
    public GeoException ToException(Exception? innerException = null) => new(this, innerException);
}
