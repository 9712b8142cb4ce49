using System.Collections.Immutable;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Runtime.Storage.Memory;

/// <summary>The durable content of a <see cref="MemoryRegionStore"/>: what a region that is stopped or killed finds again when it starts.</summary>
/// <remarks>One store at a time has it open, as with a file.</remarks>
public sealed class MemoryRegionDisk
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ShardId, MemoryShard> _shards = [];
    private ImmutableArray<CutRow> _cuts = [];
    private StoreWorld? _world;
    private MemoryRegionStore? _owner;

    public MemoryStoreFaults Faults { get; } = new();

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

    internal void Open(MemoryRegionStore store, StoreWorld world)
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
        }
    }

    internal void Close(MemoryRegionStore store)
    {
        lock (_gate)
        {
            _owner = _owner == store ? null : _owner;
        }
    }

    /// <summary>Reads on behalf of the store that has the disk open.</summary>
    internal T Read<T>(MemoryRegionStore store, Func<MemoryRegionDisk, T> read)
    {
        lock (_gate)
        {
            RequireOwner(store);
            return read(this);
        }
    }

    /// <summary>Changes one shard, all or nothing.</summary>
    internal T Change<T>(MemoryRegionStore store, ShardId shard, Func<MemoryRegionDisk, MemoryShard, T> change)
    {
        lock (_gate)
        {
            RequireOwner(store);
            var changed = Find(shard) ?? new MemoryShard();
            var answer = change(this, changed);
            if (changed.Head != Protocol.Logs.ShardHead.Empty)
            {
                _shards[shard] = changed;
            }

            return answer;
        }
    }

    internal MemoryShard? Find(ShardId shard) => _shards.GetValueOrDefault(shard);

    internal ImmutableArray<ShardId> Shards => [.. _shards.Keys];

    internal ImmutableArray<CutRow> Cuts => _cuts;

    internal void Keep(ShardId shard, ImmutableArray<Protocol.Logs.LogRow> removed)
    {
        var next = _cuts.Length + 1;
        _cuts = _cuts.AddRange(removed.Select((row, i) => new CutRow(next + i, shard, row)));
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
