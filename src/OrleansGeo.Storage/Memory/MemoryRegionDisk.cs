using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Storage.Memory;

/// <summary>The durable content of a <see cref="MemoryRegionStore"/>: what a region that is stopped or killed finds again when it starts.</summary>
/// <remarks>One store at a time has it open, as with a file.</remarks>
public sealed class MemoryRegionDisk
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ShardId, MemoryShard> _shards = [];
    private readonly Dictionary<string, AcceptorState> _registers = new(StringComparer.Ordinal);
    private StoreLife _life = new(Guid.NewGuid(), Opened: 0);
    private bool _isVouched;
    private StoreWorld? _world;
    private MemoryRegionStore? _owner;

    /// <summary>The faults of every store that opens this disk. None at first.</summary>
    public MemoryStoreFaults Faults { get; } = new();

    internal MemoryLedger Ledger { get; private init; } = new();

    internal ImmutableArray<ShardId> Shards => [.. _shards.Keys];

    /// <summary>
    /// What a kill of the region's processes does: the store that has the disk open loses it at once. Mutations that are not durable yet
    /// never will be; they and all later calls of that store fail as <see cref="RegionStoreFailure.Unavailable"/>. The next store may open the disk.
    /// </summary>
    public void Crash()
    {
        lock (_gate)
        {
            _owner = null;
        }
    }

    /// <summary>
    /// A backup: what is durable now, on a disk of its own without faults, also while a store has this one open. It is of the same
    /// <see cref="StoreLife"/>, and without evidence of its own, so that a region which starts on it is one whose store was rolled back.
    /// </summary>
    public MemoryRegionDisk Copy()
    {
        lock (_gate)
        {
            var copy = new MemoryRegionDisk { Ledger = Ledger.Copy(), _life = _life, _world = _world };
            foreach (var (id, shard) in _shards)
            {
                copy._shards.Add(id, shard.Copy());
            }

            foreach (var (name, state) in _registers)
            {
                copy._registers.Add(name, state);
            }

            return copy;
        }
    }

    /// <summary>What a disk does that said that something was durable which was not, when power is lost: shards are as they were at an earlier moment, registers are not.</summary>
    internal void LosePower(MemoryRegionDisk earlier)
    {
        LosePower();
        var shards = earlier.Copy()._shards;
        lock (_gate)
        {
            _shards.Clear();
            foreach (var (id, shard) in shards)
            {
                _shards.Add(id, shard);
            }
        }
    }

    /// <summary>What a loss of power does: what is durable stays, and there is no evidence of it any more.</summary>
    public void LosePower()
    {
        lock (_gate)
        {
            (_owner, _isVouched) = (null, false);
        }
    }

    internal bool IsVouched
    {
        get
        {
            lock (_gate)
            {
                return _isVouched;
            }
        }
    }

    internal bool Vouch() => _isVouched = true;

    internal StoreLife Open(MemoryRegionStore store, StoreWorld world)
    {
        lock (_gate)
        {
            if (_owner is not null)
            {
                throw new RegionStoreException(
                    RegionStoreFailure.InUse, $"{store.Description} is in use by another store. Dispose that one, or call {nameof(Crash)} first.");
            }

            _world ??= world;
            if (_world != world)
            {
                throw new RegionStoreException(
                    RegionStoreFailure.WrongWorld,
                    $"{store.Description} was created for '{_world}', and this process has '{world}'. Give it another {nameof(MemoryRegionDisk)}, or correct the setting.");
            }

            _owner = store;
            _life = _life with { Opened = _life.Opened + 1 };
            return _life;
        }
    }

    internal void Close(MemoryRegionStore store)
    {
        lock (_gate)
        {
            _owner = _owner == store ? null : _owner;
        }
    }

    /// <summary>Reads or changes on behalf of the store that has the disk open. A change is all or nothing.</summary>
    internal T Use<T>(MemoryRegionStore store, Func<MemoryRegionDisk, T> use)
    {
        lock (_gate)
        {
            RequireOwner(store);
            return use(this);
        }
    }

    internal T Change<T>(ShardId shard, Func<MemoryShard, T> change)
    {
        var changed = Find(shard) ?? new MemoryShard();
        var answer = change(changed);
        if (changed.Head != ShardHead.Empty)
        {
            _shards[shard] = changed;
        }

        return answer;
    }

    internal MemoryShard? Find(ShardId shard) => _shards.GetValueOrDefault(shard);

    /// <summary>What the disk of an earlier version of the runtime is, which knew no such register.</summary>
    internal void Forget(string register)
    {
        lock (_gate)
        {
            _registers.Remove(register);
        }
    }

    internal RegisterTaken Take(string register, RegisterMessage message)
    {
        var state = _registers.GetValueOrDefault(register, AcceptorState.Empty);
        var granted = AcceptorRules.Take(state, message, out var next);
        if (!ReferenceEquals(next, state))
        {
            // The caller may use its buffer again.
            _registers[register] = next = next with { Value = next.Value.ToArray() };
        }

        return new(granted, next);
    }

    private void RequireOwner(MemoryRegionStore store)
    {
        if (_owner != store)
        {
            throw new RegionStoreException(
                RegionStoreFailure.Unavailable, $"{store.Description} was taken from this store by {nameof(Crash)}. Open it with a new store.");
        }

        if (Faults.IsUnavailable)
        {
            throw MemoryRegionStore.Unavailable(store.Description);
        }
    }
}
