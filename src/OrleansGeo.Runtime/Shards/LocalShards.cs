using System.Diagnostics.CodeAnalysis;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.Shards;

/// <summary>The shards that act on this silo, by their index in the world's map.</summary>
internal sealed class LocalShards(CurrentTopology topology)
{
    private readonly Lock _lock = new();
    private readonly Shard?[] _shards = new Shard?[topology.Value.Map.Total];
    private readonly TaskCompletionSource?[] _waiting = new TaskCompletionSource?[topology.Value.Map.Total];

    /// <summary>Told of every shard that begins to act here, by its index.</summary>
    public event Action<int, Shard>? Added;

    public IEnumerable<Shard> All => _shards.Where(static shard => shard is not null)!;

    public bool TryGet(int index, [NotNullWhen(true)] out Shard? shard)
    {
        shard = Volatile.Read(ref _shards[index]);
        return shard is { IsOpen: true };
    }

    /// <summary>Completes when the shard next begins to act here, in whatever role.</summary>
    public Task WhenAdded(int index)
    {
        lock (_lock)
        {
            return (_waiting[index] ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    public void Add(int index, Shard shard)
    {
        TaskCompletionSource? waiting;
        lock (_lock)
        {
            Volatile.Write(ref _shards[index], shard);
            (waiting, _waiting[index]) = (_waiting[index], null);
        }

        waiting?.TrySetResult();
        Added?.Invoke(index, shard);
    }

    public void Remove(int index, Shard shard) => Interlocked.CompareExchange(ref _shards[index], null, shard);
}
