using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Protocol.Sessions;
using OrleansGeo.Simulation.Clients;

namespace OrleansGeo.Simulation.Shells;

internal sealed partial class ReplicaShell
{
    private const int LongestCatchUp = 60_000;

    private TimeSpan? _claimed;

    private bool IsReadable => _run is { Unreadable: null };

    public override ShardRecords? Readable => IsReadable ? Log!.Records : null;

    /// <summary>What is shown is no older than what was acknowledged then; null: nobody knows.</summary>
    public TimeSpan? FreshAt => _run?.FreshAt;

    public override EpochTable Epochs => Log?.Head.Epochs ?? EpochTable.Empty;

    public override EpochTable Settled => _run?.Settled ?? EpochTable.Empty;

    public override RecordVersion ShownVersion => Log is { } log ? new(log.Head.Epochs.EpochAt(log.Shown), log.Shown) : RecordVersion.None;

    /// <summary>Its home said where the log stood when it was asked.</summary>
    public void Answered(TimeSpan asked, RecordVersion position)
    {
        _run?.Answered(asked, position);
        Noted();
    }

    public void Read(SimOperation operation, Action<SimReply> reply, long since = -1)
    {
        if (!IsReadable)
        {
            // Never a value from a store that may have forgotten newer ones.
            reply(SimAnswer.Refused);
            return;
        }

        // First what is claimed of the data, then the data: it may get newer in between, never older.
        var log = Log!;
        var freshAt = FreshAt;
        since = since < 0 ? World.Events.Now : since;
        switch (operation.Session?.Judge(Shard, log.Head.Epochs, log.Shown, Settled) ?? FloorVerdict.Satisfied)
        {
            case FloorVerdict.Lost:
                reply(SimReply.Lost((Shard, ShownVersion)));
                break;
            case FloorVerdict.NotYet when World.Events.Now - since < LongestCatchUp:
                After(World.Chance.Between(1_000, 20_000), () => Read(operation, reply, since));
                break;
            case FloorVerdict.NotYet:
                reply(SimAnswer.Behind);
                break;
            default:
                Read(operation, log, freshAt, reply);
                break;
        }
    }

    private void Read(SimOperation operation, Protocol.Replicas.ReplicaLog log, TimeSpan? freshAt, Action<SimReply> reply) => Load(log.Records.Hold(operation.Entity), live =>
    {
        if (Log == log && IsReadable)
        {
            World.Checks.Visible.SeenAtReplica(Region.Index, Shard, log, live);
            World.Checks.Staleness.Claimed(Region, Shard, freshAt, log.Applied);
            World.Checks.Sessions.Served(operation.Audience, Region.Index, Shard, log.Applied, operation.Entity, live.Current!);
            reply(new(SimAnswer.Done, live.Current!.Version, new(Shard)));
        }
        else
        {
            reply(SimAnswer.Refused);
        }

        log.Records.Release(live, log.Head.Checkpoint);
    }, () => reply(SimAnswer.Refused));

    public override void LetGo(LiveRecord live)
    {
        if (!live.IsClosed && Log is { } log)
        {
            log.Records.Release(live, log.Head.Checkpoint);
        }
    }

    /// <summary>What is claimed of the data that is shown is judged whenever it changes.</summary>
    private void Noted()
    {
        if (FreshAt != _claimed && IsReadable)
        {
            World.Checks.Staleness.Claimed(Region, Shard, FreshAt, Log!.Applied);
        }

        _claimed = FreshAt;
    }
}
