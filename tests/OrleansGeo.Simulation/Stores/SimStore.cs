using System.Collections.Immutable;
using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Simulation.Stores;

/// <summary>One region's durable store, with the semantics that the store contract describes. Calls here take effect at once; <see cref="Queue"/> delays them.</summary>
internal sealed class SimStore
{
    private readonly SimWorld _world;
    private readonly int _region;
    private readonly StoredShard[] _shards;
    private Dictionary<string, AcceptorState> _registers = [];

    public SimStore(SimWorld world, int region)
    {
        _world = world;
        _region = region;
        _shards = [.. Enumerable.Range(0, world.ShardCount).Select(static _ => new StoredShard())];
        Queue = new(world, region);
    }

    public StoreQueue Queue { get; }

    /// <summary>What this region noted of writes that others may have acknowledged alone.</summary>
    public HashSet<(int Shard, RegionId Region, long Epoch, LogPosition From)> Suspicions { get; } = [];

    public List<(int Shard, LogRow Row)> Ledger { get; } = [];

    public StoredShard this[int shard] => _shards[shard];

    /// <summary>There is evidence that the store is as the last run left it. Otherwise nothing is known.</summary>
    public bool IsContinued { get; set; } = true;

    public void Replace(int shard, StoredShard stored)
    {
        _shards[shard] = stored;
        IsContinued = false;
    }

    public Dictionary<string, AcceptorState> CopyRegisters() => new(_registers);

    /// <summary>Only the region's own lease stays: by it the others would notice.</summary>
    public void ReplaceRegisters(Dictionary<string, AcceptorState> registers)
    {
        var lease = RegisterNames.LeaseOf(_world.Map.Regions[_region]);
        var own = StateOf(lease);
        _registers = new(registers) { [lease] = own };
    }

    public AcceptorState StateOf(string register) => _registers.GetValueOrDefault(register, AcceptorState.Empty);

    /// <summary>What was under way is done or lost; what was done stays.</summary>
    public void Crash()
    {
        Queue.Crash();
        foreach (var stored in _shards)
        {
            if (_world.Config.Fault == SimFault.PromiseNotDurable)
            {
                stored.Head = stored.Head with { Promised = stored.Accepted };
            }
        }
    }

    /// <summary>The acceptor of a register takes a message, in one durable step.</summary>
    public (bool Granted, AcceptorState State) Take(string register, RegisterMessage message)
    {
        var granted = AcceptorRules.Take(_registers.GetValueOrDefault(register, AcceptorState.Empty), message, out var next);
        _registers[register] = next;
        return (granted, next);
    }

    public (ShardHead Head, ImmutableArray<LogRow> Rows) Read(int shard, bool aboveCheckpointOnly)
    {
        var stored = _shards[shard];
        return (stored.Head, [.. stored.Rows.Where(row => !aboveCheckpointOnly || row.Last > stored.Head.Checkpoint)]);
    }

    public (AppendVerdict Verdict, ShardHead Head) Append(
        int shard, bool isHome, FencingToken token, LogPosition previous, long previousEpoch, ImmutableArray<LogRow> rows)
    {
        var stored = _shards[shard];
        var head = Unfenced(stored.Head, token, isHome);
        if (_world.Config.Fault == SimFault.ShortAppendCuts && !token.IsFencedBy(head.Promised) && !rows.IsEmpty && rows[^1].Last < head.Last)
        {
            Remove(shard, rows[^1].Last);
            head = stored.Head;
        }

        var verdict = AppendFence.Check(head, token, previous, previousEpoch, rows, out var firstMissing);
        if (verdict == AppendVerdict.Stored
            && _world.Config.Fault != SimFault.SkippedRowsNotCompared
            && AppendFence.Diverges(head.Trimmed, rows, firstMissing, first => stored.Rows.Find(row => row.First == first)))
        {
            verdict = AppendVerdict.Diverged;
        }

        if (verdict == AppendVerdict.Stored)
        {
            _world.Checks.Fences.Accepted(_region, shard, token);
            stored.Accepted = token;
            stored.Head = AppendFence.Advance(head, token, rows, firstMissing);
            for (var i = firstMissing; i < rows.Length; i++)
            {
                stored.Rows.Add(rows[i]);
                _world.Checks.Logs.Append(_region, shard, rows[i]);
            }

            Verify(shard);
        }

        return (verdict, stored.Head);
    }

    public ShardHead Promise(int shard, FencingToken token)
    {
        var stored = _shards[shard];
        var head = Unfenced(stored.Head, token, isHome: true);
        if (!token.IsFencedBy(head.Promised))
        {
            _world.Checks.Fences.Accepted(_region, shard, token);
            stored.Head = stored.Head with { Promised = token };
        }

        return stored.Head;
    }

    public object? Suspect(int shard, RegionId region, long epoch, LogPosition from)
    {
        Suspicions.Add((shard, region, epoch, from));
        return null;
    }

    public ShardHead Cut(int shard, FencingToken token, LogPosition keepThrough, long foreignEpoch)
    {
        var stored = _shards[shard];
        if (Unfenced(stored.Head, token, isHome: false) is var head && token.IsFencedBy(head.Promised))
        {
            return stored.Head;
        }

        if ((stored.Head.Last <= keepThrough || stored.Head.Epochs.EpochAt(keepThrough.Next) != foreignEpoch) && _world.Config.Fault != SimFault.CutUnconditionally)
        {
            return stored.Head;
        }

        if (keepThrough < stored.Head.Checkpoint || stored.Rows.Any(row => row.First <= keepThrough && row.Last > keepThrough))
        {
            throw new InvalidOperationException($"{_world.NameOf(_region)} {shard}: a cut after {keepThrough} goes below the checkpoint {stored.Head.Checkpoint} or through a row.");
        }

        stored.Head = stored.Head with { Promised = token };
        Remove(shard, keepThrough);
        return stored.Head;
    }

    public ImmutableArray<LogRow> ReadLog(int shard, LogPosition from, int maxBytes)
    {
        var rows = ImmutableArray.CreateBuilder<LogRow>();
        long bytes = 0;
        foreach (var row in _shards[shard].Rows.Where(row => row.Last >= from))
        {
            if (rows.Count > 0 && bytes > maxBytes)
            {
                break;
            }

            rows.Add(row);
            bytes += row.Bytes.Length;
        }

        return rows.ToImmutable();
    }

    public EntityRecord ReadRecord(int shard, string entity) => _shards[shard].Records.GetValueOrDefault(entity, EntityRecord.Empty);

    public ImmutableArray<(string Entity, EntityRecord Record)> ReadRecords(int shard, string? after, int count) =>
        [.. _shards[shard].Records.Where(pair => after is null || string.CompareOrdinal(pair.Key, after) > 0).Take(count).Select(pair => (pair.Key, pair.Value))];

    public ShardHead Checkpoint(int shard, FencingToken token, LogPosition through, Dictionary<string, EntityRecord> changes)
    {
        var stored = _shards[shard];
        if (token.IsFencedBy(stored.Head.Promised) || through <= stored.Head.Checkpoint || stored.Head.Copying)
        {
            return stored.Head;
        }

        if (through > stored.Head.Last)
        {
            throw new InvalidOperationException($"{_world.NameOf(_region)} {shard}: a checkpoint at {through} is past the last entry {stored.Head.Last}.");
        }

        foreach (var (entity, record) in changes)
        {
            stored.Put(entity, record, _world.Config.Fault == SimFault.OlderRecordWins);
        }

        stored.Head = stored.Head with { Checkpoint = through };
        _world.Checks.Logs.Checkpointed(_region, shard, through);
        return stored.Head;
    }

    public (ShardHead Head, long RetainedBytes) Trim(int shard, FencingToken token, LogPosition through)
    {
        var stored = _shards[shard];
        if (token.IsFencedBy(stored.Head.Promised) || through <= stored.Head.Trimmed || stored.Head.Copying)
        {
            return (stored.Head, stored.RowBytes);
        }

        if (through > stored.Head.Checkpoint && _world.Config.Fault != SimFault.TrimPastStable)
        {
            throw new InvalidOperationException($"{_world.NameOf(_region)} {shard}: a trim through {through} is past the checkpoint {stored.Head.Checkpoint}.");
        }

        stored.Rows.RemoveAll(row => row.Last <= through);
        stored.Forget(through);
        stored.Head = stored.Head with { Trimmed = LogPosition.Min(through, stored.Head.Last) };
        return (stored.Head, stored.RowBytes);
    }

    /// <summary>Takes rows off the end, into the ledger.</summary>
    private void Remove(int shard, LogPosition keepThrough)
    {
        var stored = _shards[shard];
        var removed = stored.Rows.Where(row => row.First > keepThrough).Select(row => (shard, row)).ToList();
        stored.Rows.RemoveAll(row => row.First > keepThrough);
        stored.Head = stored.Head with { Last = LogPosition.Min(stored.Head.Last, keepThrough), Epochs = stored.Head.Epochs.Cut(keepThrough) };
        _world.Checks.Logs.Cut(_region, shard, keepThrough);
        if (_world.Config.Fault == SimFault.LedgerAfterCut)
        {
            // A second step: a crash in between loses them.
            Queue.Submit(() => true, "ledger", writes: true, () => { Ledger.AddRange(removed); return true; }, static _ => { }, static () => { });
        }
        else
        {
            Ledger.AddRange(removed);
        }
    }

    /// <summary>What a fence would see; with a fence removed, a head that promised nothing that matters.</summary>
    private ShardHead Unfenced(ShardHead head, FencingToken token, bool isHome) => _world.Config.Fault switch
    {
        SimFault.NoEpochCheckAtHomeStore when isHome => head with { Promised = token },
        SimFault.NoEpochCheckAtReplica when !isHome => head with { Promised = token },
        SimFault.NoEqualEpochFence when token.Epoch == head.Promised.Epoch => head with { Promised = token },
        _ => head,
    };

    private void Verify(int shard) => _world.Checks.Logs.HeadIs(_region, shard, _shards[shard].Head);
}
