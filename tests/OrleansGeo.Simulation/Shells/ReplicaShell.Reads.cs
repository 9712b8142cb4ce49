using OrleansGeo.Protocol.Freshness;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Protocol.Sessions;
using OrleansGeo.Simulation.Clients;

namespace OrleansGeo.Simulation.Shells;

internal sealed partial class ReplicaShell
{
    private const int LongestCatchUp = 60_000;

    private readonly FreshnessTracker _freshness = new(freshAt);
    private LogPosition _shown;

    /// <summary>Not while it is being copied, nor while it is older than what was shown before.</summary>
    private bool IsReadable => Log is { Head.Copying: false } log && log.Applied >= _shown;

    public override ShardRecords? Readable => IsReadable ? Log!.Records : null;

    /// <summary>What is shown is no older than what was acknowledged then; null: nobody knows.</summary>
    public TimeSpan? FreshAt => _freshness.FreshAt;

    public override EpochTable Epochs => Log?.Head.Epochs ?? EpochTable.Empty;

    public override EpochTable Settled => World.IsRow(Shard) ? Epochs : Log?.Settled ?? EpochTable.Empty;

    public override RecordVersion ShownVersion => Log is { } log ? new(log.Head.Epochs.EpochAt(log.Shown), log.Shown) : RecordVersion.None;

    /// <summary>Its home said where the log stood when it was asked.</summary>
    public void Answered(TimeSpan asked, RecordVersion position)
    {
        _freshness.Answered(asked, position);
        NoteFreshness();
    }

    public void Read(SimOperation operation, Action<SimReply> reply, long since = -1)
    {
        if (!IsReadable || Region.Standing is not { IsProven: true })
        {
            // Never a value from a store that may have forgotten newer ones.
            reply(SimAnswer.Refused);
            return;
        }

        // First what is claimed of the data, then the data: it may get newer in between, never older.
        var log = Log!;
        var freshAt = _freshness.FreshAt;
        since = since < 0 ? World.Events.Now : since;
        switch (operation.Session?.Judge(Shard, log.Head.Epochs, log.Shown, log.Settled) ?? FloorVerdict.Satisfied)
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

    private void NoteFreshness()
    {
        if (Log is { Head.Copying: false } log)
        {
            var before = _freshness.FreshAt;
            _freshness.Shows(log.VerifiedEpoch, log.Verified, log.Applied);
            if (_freshness.FreshAt != before && IsReadable)
            {
                World.Checks.Staleness.Claimed(Region, Shard, _freshness.FreshAt, log.Applied);
            }
        }
    }

    /// <summary>Nothing is read here until the log is open again.</summary>
    private void StopReading()
    {
        if (Log is { } log)
        {
            _shown = LogPosition.Max(_shown, log.Applied);
            log.Records.Close();
            Log = null;
        }
    }
}
