using OrleansGeo.Protocol.Deduplication;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Shards.Records;

namespace OrleansGeo.Runtime.Shards;

/// <summary>What the ledgers of other regions ask of a home.</summary>
internal sealed partial class ShardSeat
{
    public async Task<ReplayOutcome> ReplayAsync(ReplayWire lost)
    {
        if (Home is not { IsHandingOver: false } home)
        {
            return ReplayOutcome.NotNow;
        }

        if (home.TryFindAnswer(lost.Entity, lost.Request, out _))
        {
            return ReplayOutcome.Superseded;
        }

        var record = await home.HoldAsync(lost.Entity);
        try
        {
            if (!IsHere(record.Current!, lost.Entity))
            {
                return ReplayOutcome.Moved;
            }

            var version = record.Current!.Version;
            if (version.Epoch > lost.Epoch && !lost.Overwrite)
            {
                return ReplayOutcome.Changed;
            }

            var changes = lost.Names.Zip(lost.States, static (name, bytes) => new StateChange(name, bytes is null ? default(ReadOnlyMemory<byte>?) : bytes));
            var staged = home.Stage(new(record, version, lost.Request, lost.Fingerprint, [.. changes], AnswerOf(lost, record.Current!)), out _);
            if (staged.Verdict == StageVerdict.Repeated)
            {
                return ReplayOutcome.Superseded;
            }

            if (staged.Verdict == StageVerdict.Moved)
            {
                return ReplayOutcome.Moved;
            }

            if (staged.Verdict != StageVerdict.Staged)
            {
                return ReplayOutcome.NotNow;
            }

            await home.WhenAcknowledgedAsync(staged.Position);
            return ReplayOutcome.Replayed;
        }
        finally
        {
            home.Release(record);
        }
    }

    /// <summary>Written again, it leaves the version of the entry that it becomes, after as many moves as the entity has made by now. What it only remembered of another shard stays so.</summary>
    private static ReadOnlyMemory<byte> AnswerOf(ReplayWire lost, EntityRecord record) =>
        AnswerStamp.TryTake(lost.Answer, out _, out var stamp) && stamp.Version is null ? AnswerStamp.Put(lost.Answer, new(null, Residence.Of(record)?.Owned ?? 0)) : lost.Answer;

    /// <summary>Of an entity that is not here, or whose arrival was lost, nothing is written here: what comes with it would take its place.</summary>
    private bool IsHere(EntityRecord record, string entity)
    {
        var owner = entity.StartsWith(ReminderRecords.Prefix, StringComparison.Ordinal) ? entity[ReminderRecords.Prefix.Length..] : entity;
        return Residence.Of(record)?.IsHere ?? _silo.Moves.ShardOfKey(GrainId.Parse(owner)) == _index;
    }

    public bool[] Knows(string[] entities, string[] requests) => Home is { } home
        ? [.. entities.Zip(requests, (entity, request) => home.TryFindAnswer(entity, RequestId.Parse(request), out _))]
        : new bool[entities.Length];

    /// <summary>If the region is home itself, it has nothing else any more.</summary>
    public bool HasSettled(RegionId region) => Home is { } home && (region == _silo.Self || home.HasSettled(home.ReplicaOf(region)));
}
