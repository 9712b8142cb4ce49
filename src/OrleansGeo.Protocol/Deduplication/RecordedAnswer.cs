using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Deduplication;

/// <summary>What is remembered of a request: where its entry stands, and what it answered.</summary>
public readonly record struct RecordedAnswer(LogPosition Position, ulong Fingerprint, RecordVersion EntityVersion, ReadOnlyMemory<byte> Answer)
{
    /// <summary>Whether a request with this fingerprint can be the one that was recorded.</summary>
    public bool Matches(ulong fingerprint) => fingerprint == 0 || Fingerprint == 0 || Fingerprint == fingerprint;
}
