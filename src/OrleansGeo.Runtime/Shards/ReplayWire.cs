using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Runtime.Shards;

/// <summary>A lost write that is to be written again, as it travels.</summary>
[GenerateSerializer, Immutable, Alias("orleansgeo.replay")]
internal sealed record ReplayWire(
    [property: Id(0)] string Entity,
    [property: Id(1)] ulong RequestHigh,
    [property: Id(2)] ulong RequestLow,
    [property: Id(3)] ulong Fingerprint,
    [property: Id(4)] long Epoch,
    [property: Id(5)] string[] Names,
    [property: Id(6)] byte[]?[] States,
    [property: Id(7)] byte[] Answer,
    [property: Id(8)] bool Overwrite)
{
    public static ReplayWire From(LogEntry entry, long epoch, bool overwrite) => new(
        entry.Entity,
        entry.Request.High,
        entry.Request.Low,
        entry.Fingerprint,
        epoch,
        [.. entry.Changes.Select(static change => change.Name)],
        [.. entry.Changes.Select(static change => change.Bytes?.ToArray())],
        entry.Answer.ToArray(),
        overwrite);

    public RequestId Request => new(RequestHigh, RequestLow);
}
