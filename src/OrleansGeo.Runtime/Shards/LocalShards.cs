using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using OrleansGeo.Runtime.World;

namespace OrleansGeo.Runtime.Shards;

/// <summary>The shards that act on this silo, by their index in the world's map.</summary>
internal sealed class LocalShards(CurrentTopology topology)
{
    private readonly Shard?[] _shards = new Shard?[topology.Value.Map.Count];

    public IEnumerable<Shard> All => _shards.Where(static shard => shard is not null)!;

    public bool TryGet(int index, [NotNullWhen(true)] out Shard? shard)
    {
        shard = Volatile.Read(ref _shards[index]);
        return shard is { IsOpen: true };
    }

    public void Add(int index, Shard shard) => Volatile.Write(ref _shards[index], shard);

    public void Remove(int index, Shard shard) => Interlocked.CompareExchange(ref _shards[index], null, shard);
}
