using System.Collections.Immutable;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Records;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Seats;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Simulation.Clients;

namespace OrleansGeo.Simulation.Shells;

/// <summary>A shard at its home: the product's <see cref="HomeLog"/> on a disk and a network that are not real. Requests, shipping and moves are in the other parts.</summary>
internal sealed partial class HomeShell : ShardShell, ISeatHome
{
    private readonly Queue<Waiter> _waiting = new();
    private readonly SeatShell _seat;
    private readonly bool _isHanded;
    private readonly long _generation;
    private readonly LogPosition _opened;
    private bool _appending;
    private bool _checkpointing;
    private bool _given;
    private LogPosition _acknowledged;

    public HomeShell(SimWorld world, SimRegion region, int shard, SeatShell seat, HomeAssignment home, bool isHanded, long generation, ShardHead head, ImmutableArray<LogRow> rows)
        : base(world, region, shard)
    {
        (_seat, _isHanded, _generation, _opened, Home) = (seat, isHanded, generation, head.Last, home);
        Log = new(Config(), head, rows, region.Now);
        World.Checks.Acknowledgements.HomeOpened(region.Index, shard, Token);
        if (head.LastEpoch != Token.Epoch && Token.Epoch > 1 && Fault is not SimFault.StableWithoutOwnEpoch and not SimFault.NoEpochStart)
        {
            Log.StageEpochStart();
            if (isHanded)
            {
                World.Checks.Reads.HandedOver(shard, Token);
            }
        }

        World.Trace($"{Name}: home as {Token} after {head.LastEpoch}.{head.Last}");
    }

    public HomeAssignment Home { get; }

    public FencingToken Token => Home.Token;

    public HomeLog Log { get; }

    /// <summary>The highest epoch that this activation was shown.</summary>
    public long ShownEpoch { get; set; }

    public ShardFamily Family => World.FamilyOf(Shard);

    public bool IsReady => Log.IsReady || (_isHanded && IsStarted);

    public bool IsStarted => Log.Stored >= Log.ReadyAt;

    public bool IsOpen => IsAlive;

    public bool WentBack { get; private set; }

    /// <summary>It waits for its seat to close it.</summary>
    public bool LostLease => false;

    public string? Damage => null;

    public bool IsHandingOver => Log.IsHandingOver;

    public LogPosition Acknowledged => _acknowledged;

    /// <summary>Up to here, at most, anybody acknowledged the log: what was acknowledged before an opening is not known to be again, and is no less acknowledged.</summary>
    public LogPosition AcknowledgedAtMost => LogPosition.Max(_acknowledged, _opened);

    public LogPosition Stored => Log.Stored;

    public bool IsDrainedInto(RegionId region) => IsOpen && Log.IsDrainedInto(Log.Config.Replicas.IndexOf(region));

    /// <summary>Whether its region may act as home now.</summary>
    public bool MayAct => _seat.MayAct(_generation);

    /// <summary>Whether a request that came now would be served.</summary>
    public bool WouldServe => IsOpen && IsReady && !_given && MayAct && _seat.Home == this && _seat.IsHomeShown;

    public override ShardRecords? Readable => WouldServe ? Log.Records : null;

    public override EpochTable Epochs => Log.Head.Epochs;

    public override RecordVersion ShownVersion => new(Epochs.EpochAt(Log.Acknowledged), Log.Acknowledged);

    public override bool IsCurrent => _seat.IsCurrent && base.IsCurrent;

    private bool IsRow => Family == ShardFamily.Row;

    public override void LetGo(LiveRecord live) => Log.Records.Release(live, Log.Head.Checkpoint);

    public override void Tick()
    {
        if (!IsOpen)
        {
            return;
        }

        CompareWithStore();
        Log.EvictOld(Fault == SimFault.WindowByWallClock ? Region.Now + (World.Chance.Percent(2) ? World.Config.DeduplicationWindow : default) : Region.Now);
        if (World.Chance.Percent(30))
        {
            Checkpoint();
        }

        if (World.Chance.Percent(30))
        {
            Trim();
        }

        Go();
    }

    public override void Stop()
    {
        if (IsAlive)
        {
            base.Stop();
            Log.Records.Close();
            Drop();
        }
    }

    /// <summary>Acknowledges nothing any more.</summary>
    public void Close(string why)
    {
        if (IsAlive)
        {
            World.Trace($"{Name}: {Token} closes: {why}");
            Stop();
            _seat.Wake();
        }
    }

    public void BeginHandOver() => Log.BeginHandOver();

    public void EndHandOver()
    {
        _given = false;
        Log.EndHandOver();
    }

    public void BeginGivingAway() => _given = true;

    /// <summary>Another home has a higher epoch.</summary>
    private void StepDown(long epoch, string why)
    {
        ShownEpoch = Math.Max(ShownEpoch, epoch);
        if (Fault != SimFault.NoEpochCheckAtHome)
        {
            Close(why);
        }
    }

    /// <summary>The output gate of a multi-writer entity, whose type says whether a majority must have what leaves.</summary>
    public void WhenAcknowledged(LogPosition position, bool forMajority, LogEntry? entry, Action<SimAnswer> reply)
    {
        _waiting.Enqueue(new(position, answer => reply(answer.Answer), entry, forMajority));
        Release();
    }

    public void StagedRow() => Go();

    /// <summary>What a strong read does when there can be two activations: ask the store whether another one wrote.</summary>
    private void CompareWithStore()
    {
        if (World.Config.DuplicateActivations && World.Chance.Percent(10))
        {
            Store("read head", writes: false, () => Region.Store[Shard].Head, head =>
            {
                if (!_appending && head.Last > Log.Stored)
                {
                    Close($"its store ends at {head.LastEpoch}.{head.Last}");
                }
            }, static () => { });
        }
    }

    private HomeLogConfig Config()
    {
        var replicas = World.Regions.Where(other => other.Index != Region.Index).Select(other => other.Id).ToList();
        if (Fault == SimFault.HomeMajorityOffByOne)
        {
            var wanted = World.Config.Majority - 1;
            while (replicas.Count > 0 && ((replicas.Count + 1) / 2) + 1 > wanted)
            {
                replicas.RemoveAt(replicas.Count - 1);
            }
        }

        return new()
        {
            Token = Token,
            Family = Family,
            Replicas = [.. replicas],
            BatchBytes = World.Config.BatchBytes,
            StagedBytes = World.Config.StagedBytes,
            ReplicationWindowBytes = World.Config.WindowBytes,
            LogRetentionBytes = World.Config.RetentionBytes,
            DeduplicationWindow = World.Config.DeduplicationWindow,
        };
    }

    /// <summary>Does whatever can be done now.</summary>
    public void Go()
    {
        if (!IsAlive)
        {
            return;
        }

        Append();
        for (var replica = 0; replica < Log.Config.Replicas.Length; replica++)
        {
            Ship(replica);
        }

        Release();
        _seat.LogMoved();
    }

    private void Append()
    {
        if (_appending || Log.Seal() is not { } entries)
        {
            return;
        }

        _appending = true;
        var row = LogRowCodec.Encode(Token.Epoch, entries);
        var previous = Log.Head.Last;
        var previousEpoch = Log.Head.LastEpoch;
        if (Fault == SimFault.ShipBeforeStore)
        {
            Log.Appended(row, [.. entries], Region.Now);
        }

        AppendRow(row, [.. entries], previous, previousEpoch);
    }

    private void AppendRow(LogRow row, ImmutableArray<LogEntry> entries, LogPosition previous, long previousEpoch) => Store(
        $"append {Token} {row.First}-{row.Last}",
        writes: true,
        () => Region.Store.Append(Shard, isHome: true, Token, previous, previousEpoch, [row]),
        result =>
        {
            if (result.Verdict == AppendVerdict.Fenced)
            {
                StepDown(result.Head.Promised.Epoch, $"its store promised {result.Head.Promised}");
                return;
            }

            if (result.Verdict != AppendVerdict.Stored || (result.Head.Last != row.Last && Fault is not SimFault.SkippedRowsNotCompared and not SimFault.ShipBeforeStore))
            {
                Close($"its store said {result.Verdict} and ends at {result.Head.Last}");
                return;
            }

            _appending = false;
            if (Fault != SimFault.ShipBeforeStore)
            {
                Log.Appended(row, entries, Region.Now);
            }

            Go();
        },
        () => After(World.Chance.Between(500, 20_000), () => AppendRow(row, entries, previous, previousEpoch)));

    private void Checkpoint()
    {
        var log = Log!;
        var target = Fault is SimFault.CheckpointPastStable ? log.Stored : log.CheckpointTarget;
        if (_checkpointing || target <= log.Head.Checkpoint)
        {
            return;
        }

        _checkpointing = true;
        var changes = log.ChangesThrough(target);
        Store($"checkpoint {target}", writes: true, () => Region.Store.Checkpoint(Shard, Token, target, changes), head =>
        {
            _checkpointing = false;
            log.Checkpointed(head, changes.Keys);
        }, () => _checkpointing = false);
    }

    private void Trim()
    {
        var log = Log!;
        var target = Fault is SimFault.TrimPastStable ? log.Stored : log.TrimTarget;
        if (target > log.Head.Trimmed)
        {
            Store($"trim {target}", writes: true, () => Region.Store.Trim(Shard, Token, target), result => log.Trimmed(result.Head), static () => { });
        }
    }

    private readonly record struct Waiter(LogPosition At, Action<SimReply> Reply, LogEntry? Entry, bool ForMajority = false);
}
