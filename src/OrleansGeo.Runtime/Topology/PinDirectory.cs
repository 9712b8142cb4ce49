using System.Collections.Concurrent;

namespace OrleansGeo.Runtime.Topology;

/// <summary>Moved entities that this process has heard of. Only a memory: whoever does not know, or knows an older generation, is redirected by the shard that the entity left.</summary>
/// <remarks>What stands here is true for ever: an entity left its shard in that generation, and a majority of regions has that on disk.</remarks>
internal sealed class PinDirectory
{
    /// <summary>Past this many, all are forgotten, and learnt again.</summary>
    private const int Limit = 65_536;

    private readonly ConcurrentDictionary<GrainId, EntityShard> _moved = new();
    private volatile bool _isEmpty = true;

    public bool TryFind(GrainId entity, out EntityShard shard)
    {
        // Nearly always: every call asks.
        shard = default;
        return !_isEmpty && _moved.TryGetValue(entity, out shard);
    }

    public void Forget(GrainId entity, EntityShard shard) => _moved.TryRemove(new(entity, shard));

    /// <returns>Whether it was news.</returns>
    public bool Learn(GrainId entity, EntityShard shard)
    {
        if (shard.Generation == 0 || (TryFind(entity, out var known) && known.Generation >= shard.Generation))
        {
            return false;
        }

        if (_moved.Count >= Limit)
        {
            _moved.Clear();
        }

        _moved.AddOrUpdate(entity, static (_, added) => added, static (_, before, added) => added.Generation > before.Generation ? added : before, shard);
        _isEmpty = false;
        return true;
    }
}
