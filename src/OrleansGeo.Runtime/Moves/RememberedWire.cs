using OrleansGeo.Protocol.Deduplication;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Runtime.Moves;

/// <summary>A remembered request as it travels.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.luggage.request")]
internal readonly record struct RememberedWire(
    [property: Id(0)] ulong High, [property: Id(1)] ulong Low, [property: Id(2)] ulong Fingerprint, [property: Id(3)] byte[] Answer)
{
    public static RememberedWire Of(RequestId request, RecordedAnswer recorded) => new(request.High, request.Low, recorded.Fingerprint, recorded.Answer.ToArray());

    public RequestId Request => new(High, Low);
}
