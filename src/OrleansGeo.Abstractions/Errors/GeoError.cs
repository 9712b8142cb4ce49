namespace OrleansGeo.Abstractions.Errors;

/// <summary>An expected failure as a value: what happened, where, and what to do, in one message.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.error")]
public sealed record GeoError(
    [property: Id(0)] GeoErrorCode Code,
    [property: Id(1)] string Message,
    [property: Id(2)] TimeSpan? RetryAfter = null)
{
    public GeoException ToException(Exception? innerException = null) => new(this, innerException);
}
