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

/// <summary>A shard at its home: the product's <see cref="HomeRun"/> on a disk and a network that are not real. Requests, shipping and moves are in the other parts.</summary>
internal sealed partial class HomeShell : ShardShell, ISeatHome
{
    private readonly Queue<Waiter> _waiting = new();
    private readonly SeatShell _seat;
    private readonly long _generation;
    private bool _isGone;
    private bool _given;

    public HomeShell(SimWorld world, SimRegion region, int shard, SeatShell seat, HomeAssignment home, bool isHanded, long generation, ShardHead head, ImmutableArray<LogRow> rows)
        : base(world, region, shard)
    {
        (_seat, _generation, Home) = (seat, generation, home);
        World.Checks.Acknowledgements.HomeOpened(region.Index, shard, Token);
        Run = new(How(isHanded), new(Config(), head, rows, region.Now), () => MayAct || Fault == SimFault.LeaseCheckedOnlyBefore, region.Now);
        if (isHanded && Log.LastStaged > head.Last)
        {
            World.Checks.Reads.HandedOver(shard, Token);
        }

        World.Trace($"{Name}: home as {Token} after {head.LastEpoch}.{head.Last}");
    }

    public HomeAssignment Home { get; }

    public FencingToken Token => Home.Token;

    public HomeRun Run { get; }

    public HomeLog Log => Run.Log;

    /// <summary>The highest epoch that this activation was shown.</summary>
    public long ShownEpoch { get; set; }

    public ShardFamily Family => World.FamilyOf(Shard);

    public bool IsReady => Run.IsReady;

    public bool IsStarted => Run.IsStarted;

    public bool IsOpen => IsAlive;

    public bool WentBack => Run.End is { Cause: HomeEndCause.StoreWentBack };

    public bool LostLease => Run.End is { Cause: HomeEndCause.LostLease };

    public string? Damage => Run.End is { Cause: HomeEndCause.Damaged } end ? end.Reason : null;

    public bool IsHandingOver => Log.IsHandingOver;

    public LogPosition Acknowledged => Run.Acknowledged;

    public LogPosition AcknowledgedAtMost => Run.AcknowledgedAtMost;

    public LogPosition Stored => Log.Stored;

    public bool IsDrainedInto(RegionId region) => Run.IsDrainedInto(Log.Config.Replicas.IndexOf(region));

    /// <summary>Whether its region may act as home now.</summary>
    public bool MayAct => _seat.MayAct(_generation);

    /// <summary>Whether a request that came now would be served.</summary>
    public bool WouldServe => IsOpen && IsReady && !_given && MayAct && _seat.Home == this && _seat.IsHomeShown;

    public override ShardRecords? Readable => WouldServe ? Log.Records : null;

    public override EpochTable Epochs => Log.Head.Epochs;

    public override RecordVersion ShownVersion => new(Epochs.EpochAt(Run.Acknowledged), Run.Acknowledged);

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
        Run.EvictOld(Fault == SimFault.WindowByWallClock ? Region.Now + (World.Chance.Percent(2) ? World.Config.DeduplicationWindow : default) : Region.Now);
        if (World.Chance.Percent(30) && Run.NextCheckpoint(Region.Now) is { } checkpoint)
        {
            Store(
                $"checkpoint {checkpoint.Through}",
                writes: true,
                () => Region.Store.Checkpoint(Shard, checkpoint.Token, checkpoint.Through, checkpoint.Changes),
                head => Run.Checkpointed(checkpoint, head, Region.Now),
                () => Run.Checkpointed(checkpoint, null, Region.Now));
        }

        if (World.Chance.Percent(30) && Run.NextTrim() is { } trim)
        {
            Store($"trim {trim}", writes: true, () => Region.Store.Trim(Shard, Token, trim), result => Log.Trimmed(result.Head), static () => { });
        }

        Go();
    }

    public override void Stop()
    {
        _isGone = true;
        End("its activation ends");
    }

    /// <summary>Acknowledges nothing any more.</summary>
    public void Close(string why)
    {
        if (IsAlive)
        {
            End(why);
            World.Trace($"{Name}: {Token} closes: {Run.End!.Reason}");
            _seat.Wake();
        }
    }

    private void End(string why)
    {
        if (IsAlive)
        {
            base.Stop();
            Run.Close(why);
            Log.Records.Close();
            Drop();
        }
    }

    public void BeginHandOver() => Log.BeginHandOver();

    public void EndHandOver()
    {
        _given = false;
        Log.EndHandOver();
    }

    public void BeginGivingAway() => _given = true;

    /// <summary>Another home may have a higher epoch. Without the rule this one does not hear of it.</summary>
    private bool Hears(FencingToken promised)
    {
        ShownEpoch = Math.Max(ShownEpoch, promised.Epoch);
        return promised.Epoch <= Token.Epoch || Fault != SimFault.NoEpochCheckAtHome;
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
                Run.IsNewest(head);
                Go();
            }, static () => { });
        }
    }

    private HomeRunConfig How(bool isHanded) => new()
    {
        IsHanded = isHanded,
        RetryAfter = TimeSpan.FromMilliseconds(1),
        LongestRetry = TimeSpan.FromMilliseconds(20),
        RefusesAfter = TimeSpan.FromMilliseconds(50),
        CheckpointEntries = 0,
        CheckpointInterval = TimeSpan.Zero,
        Rules = new()
        {
            BeginsEpoch = Fault is not SimFault.StableWithoutOwnEpoch and not SimFault.NoEpochStart,
            BoundsCheckpoint = Fault != SimFault.CheckpointPastStable,
            BoundsTrim = Fault != SimFault.TrimPastStable,
        },
    };

    private HomeLogConfig Config()
    {
        var regions = World.Map.Regions;
        return new()
        {
            Token = Token,
            Family = Family,
            Regions = regions,
            Quorums = Fault == SimFault.HomeMajorityOffByOne ? new(Math.Max(0, 2 * (regions.Majority - 2))) : regions.Quorums,
            Replicas = [.. regions.All.Where(other => other != Region.Id)],
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
        if (IsAlive && Run.End is { } end)
        {
            Close(end.Reason);
        }

        if (!IsAlive)
        {
            return;
        }

        if (Run.NextAppend() is { } append)
        {
            Append(append);
        }

        for (var replica = 0; replica < Log.Config.Replicas.Length; replica++)
        {
            Ship(replica);
        }

        Release();
        _seat.LogMoved();
    }

    /// <summary>What becomes of it is told to a home that closed meanwhile, too.</summary>
    private void Append(HomeAppend append)
    {
        var isFirst = Fault == SimFault.ShipBeforeStore;
        if (isFirst)
        {
            Run.Appended(append, new HomeAppended.Answered(AppendVerdict.Stored, Log.Head with { Last = append.Last }), Region.Now);
        }

        Region.Store.Queue.Submit(
            () => !_isGone,
            $"shard {Shard} append {Token} {append.Row.First}-{append.Last}",
            writes: true,
            () => Region.Store.Append(Shard, isHome: true, Token, append.Previous, append.PreviousEpoch, [append.Row]),
            result =>
            {
                if (Hears(result.Head.Promised) && !isFirst)
                {
                    var head = Fault == SimFault.SkippedRowsNotCompared ? result.Head with { Last = append.Last } : result.Head;
                    Appended(append, new HomeAppended.Answered(result.Verdict, head));
                }
            },
            () => Appended(append, new HomeAppended.Failed("the disk did not say what became of it")));
    }

    private void Appended(HomeAppend append, HomeAppended outcome)
    {
        if (Fault != SimFault.ShipBeforeStore && Run.Appended(append, outcome, Region.Now) is { } pause)
        {
            After((long)pause.TotalMicroseconds, () => Append(append));
        }

        Go();
    }

    private readonly record struct Waiter(LogPosition At, Action<SimReply> Reply, LogEntry? Entry, bool ForMajority = false);
}
