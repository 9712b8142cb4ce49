using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;

namespace OrleansGeo.Protocol.Deduplication;

/// <summary>What is remembered of a request: where its entry stands, and what it answered.</summary>
/// <param name="Position">The entry's, in this shard's log.</param>
/// <param name="Fingerprint">Hash of method and arguments; 0 when not known.</param>
/// <param name="EntityVersion">The record's after the entry, in this shard.</param>
/// <param name="Answer">As it was recorded, perhaps with a stamp behind it (<see cref="AnswerStamp"/>).</param>
internal readonly record struct RecordedAnswer(LogPosition Position, ulong Fingerprint, RecordVersion EntityVersion, ReadOnlyMemory<byte> Answer)
{
    /// <summary>Whether a request with this fingerprint can be the one that was recorded.</summary>
    public bool Matches(ulong fingerprint) => fingerprint == 0 || Fingerprint == 0 || Fingerprint == fingerprint;

    /// <summary>What the request left, whatever became of the entity since: the version, in the log of the shard where it ran, and how often the entity had been moved by then.</summary>
    /// <param name="record">The entity's, in this shard.</param>
    public (RecordVersion Version, long Moves) LeftOf(EntityRecord record)
    {
        if (AnswerStamp.TryTake(Answer, out _, out var stamp))
        {
            return (stamp.Version ?? EntityVersion, stamp.Moves);
        }

        // Without a stamp it ran before the entity was first moved; or, where an earlier version recorded it, in this stay.
        return (EntityVersion, record.Residence is { } place && Position > place.Version.Position ? Residence.Of(record)!.Owned : 0);
    }

    /// <summary>The same, to be remembered in another shard.</summary>
    public ReadOnlyMemory<byte> AnswerToCarry(EntityRecord record)
    {
        var (version, moves) = LeftOf(record);
        return AnswerStamp.Put(Answer, new(version, moves));
    }
}
