using System.Collections.Immutable;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Simulation.Shells;

/// <summary>A shard at its home: opening, the append loop, housekeeping. Requests, shipping and hand-over are in the other parts.</summary>
internal sealed partial class HomeShell(SimWorld world, SimRegion region, int shard, FencingToken token, HandOverToken? handed) : ShardShell(world, region, shard)
{
    private readonly Queue<Waiter> _waiting = new();
    private bool _isHanded;
    private bool _appending;
    private bool _checkpointing;

    public FencingToken Token => token;

    public HomeLog? Log { get; private set; }

    /// <summary>The highest epoch that this activation was shown.</summary>
    public long ShownEpoch { get; private set; }

    public ShardFamily Family => World.FamilyOf(Shard);

    public bool IsReady => Log is { IsReady: true };

    /// <summary>Whether the own store holds an entry of this epoch.</summary>
    public bool HasBegun => Log is { } log && log.Head.LastEpoch == token.Epoch;

    /// <summary>Whether a request that came now would be served.</summary>
    public bool WouldServe => IsAlive && (IsReady || (_isHanded && HasBegun)) && Region.MayServe(Shard, token);

    public override bool MayGoOn() => Region.MayServe(Shard, token);

    public override void Open() => Store("open home", writes: false, () => Region.Store.Read(Shard, aboveCheckpointOnly: Fault == SimFault.NoDeduplicationAfterPromotion), read =>
    {
        if (token.IsFencedBy(read.Head.Promised) || read.Head.Copying)
        {
            Region.Shown(Shard, read.Head.Promised.Epoch);
            Reactivate($"cannot be home as {token}: {read.Head.Promised} copying {read.Head.Copying}");
            return;
        }

        Log = new(Config(), read.Head, read.Rows, Region.Now);
        _opened = read.Head.Last;
        Region.TakeHomeBefore(Shard);
        World.Checks.Acknowledgements.HomeOpened(Region.Index, Shard, token);
        if (read.Head.LastEpoch != token.Epoch && token.Epoch > 1 && Fault is not SimFault.StableWithoutOwnEpoch and not SimFault.NoEpochStart)
        {
            Log.StageEpochStart();
            if (handed is not null && handed.Matches(read.Head))
            {
                _isHanded = true;
                World.Checks.Reads.HandedOver(Shard, token);
            }
        }

        World.Trace($"{Name}: home as {token} after {read.Head.LastEpoch}.{read.Head.Last}");
        Go();
    }, () => After(5_000, Open));

    public override void Tick()
    {
        if (Log is null)
        {
            return;
        }

        CompareWithStore();
        HandOver();
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
            Log?.Records.Close();
            RememberHome();
            Drop();
        }
    }

    /// <summary>Another home has a higher epoch.</summary>
    public void StepDown(long epoch, string why)
    {
        ShownEpoch = Math.Max(ShownEpoch, epoch);
        if (Fault != SimFault.NoEpochCheckAtHome)
        {
            Region.Shown(Shard, epoch);
            Reactivate($"{token} steps down: {why}");
        }
    }

    /// <summary>What a strong read does when there can be two activations: ask the store whether another one wrote.</summary>
    private void CompareWithStore()
    {
        if (World.Config.DuplicateActivations && World.Chance.Percent(10))
        {
            Store("read head", writes: false, () => Region.Store[Shard].Head, head =>
            {
                if (!_appending && head.Last > Log!.Stored)
                {
                    Reactivate($"its store ends at {head.LastEpoch}.{head.Last}");
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
            Token = token,
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
    private void Go()
    {
        if (!IsAlive || Log is null)
        {
            return;
        }

        Append();
        for (var replica = 0; replica < Log.Config.Replicas.Length; replica++)
        {
            Ship(replica);
        }

        Release();
    }

    private void Append()
    {
        if (_appending || Log!.Seal() is not { } entries)
        {
            return;
        }

        _appending = true;
        var row = LogRowCodec.Encode(token.Epoch, entries);
        var previous = Log.Head.Last;
        var previousEpoch = Log.Head.LastEpoch;
        if (Fault == SimFault.ShipBeforeStore)
        {
            Log.Appended(row, [.. entries], Region.Now);
        }

        AppendRow(row, [.. entries], previous, previousEpoch);
    }

    private void AppendRow(LogRow row, ImmutableArray<LogEntry> entries, LogPosition previous, long previousEpoch) => Store(
        $"append {token} {row.First}-{row.Last}",
        writes: true,
        () => Region.Store.Append(Shard, isHome: true, token, previous, previousEpoch, [row]),
        result =>
        {
            if (result.Verdict == AppendVerdict.Fenced)
            {
                StepDown(result.Head.Promised.Epoch, $"its store promised {result.Head.Promised}");
                return;
            }

            if (result.Verdict != AppendVerdict.Stored || (result.Head.Last != row.Last && Fault is not SimFault.SkippedRowsNotCompared and not SimFault.ShipBeforeStore))
            {
                Reactivate($"its store said {result.Verdict} and ends at {result.Head.Last}");
                return;
            }

            _appending = false;
            if (Fault != SimFault.ShipBeforeStore)
            {
                Log!.Appended(row, entries, Region.Now);
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
        Store($"checkpoint {target}", writes: true, () => Region.Store.Checkpoint(Shard, token, target, changes), head =>
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
            Store($"trim {target}", writes: true, () => Region.Store.Trim(Shard, token, target), result => log.Trimmed(result.Head), static () => { });
        }
    }
}
