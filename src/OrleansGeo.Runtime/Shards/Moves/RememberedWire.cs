using OrleansGeo.Protocol.Deduplication;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Runtime.Shards.Moves;

/// <summary>A remembered request as it travels.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.luggage.request")]
internal readonly record struct RememberedWire(
    [property: Id(0)] ulong High, [property: Id(1)] ulong Low, [property: Id(2)] ulong Fingerprint, [property: Id(3)] byte[] Answer)
{
    /// <param name="request">The request.</param>
    /// <param name="recorded">What is remembered of it.</param>
    /// <param name="record">The entity's, in the shard that it leaves.</param>
    public static RememberedWire Of(RequestId request, RecordedAnswer recorded, EntityRecord record) => new(request.High, request.Low, recorded.Fingerprint, recorded.AnswerToCarry(record).ToArray());

    public RequestId Request => new(High, Low);
}
