using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Records;

/// <summary>
/// A shard's records above its checkpoint, and those that activations hold. Not thread-safe: the shard's lock guards it.
/// </summary>
/// <remarks>
/// A load reads the store without the lock. It is safe because the live record exists from before the read began and collects every
/// change applied since: whatever the read missed, the overlay has, and merging takes the newer version of each state.
/// </remarks>
internal sealed class ShardRecords
{
    private readonly Dictionary<string, LiveRecord> _live = new(StringComparer.Ordinal);

    public int Count => _live.Count;

    public LiveRecord? Find(string entity) => _live.GetValueOrDefault(entity);

    /// <summary>Begins to hold the entity's record. If <see cref="LiveRecord.Current"/> is null, read the store and call <see cref="Loaded"/>.</summary>
    public LiveRecord Hold(string entity)
    {
        var live = GetOrAdd(entity);
        live.Hold();
        return live;
    }

    /// <summary>Completes a load with what the store has as of any checkpoint since <see cref="Hold"/>.</summary>
    public static void Loaded(LiveRecord live, EntityRecord stored) => live.Loaded(stored);

    public void Release(LiveRecord live, LogPosition checkpoint)
    {
        live.Release();
        Forget(live, checkpoint);
    }

    public void Apply(LogEntry entry)
    {
        if (entry.Kind == EntryKind.Write && !entry.Changes.IsEmpty)
        {
            GetOrAdd(entry.Entity).Apply(new(entry.Changes));
        }
    }

    /// <summary>Forgets what the checkpoint now holds, unless an activation uses it.</summary>
    public void Checkpointed(IEnumerable<string> entities, LogPosition checkpoint)
    {
        foreach (var entity in entities)
        {
            if (_live.TryGetValue(entity, out var live))
            {
                Forget(live, checkpoint);
            }
        }
    }

    /// <summary>What changed since the checkpoint of the entities whose names begin so, to be laid over what the store has of them.</summary>
    public Dictionary<string, EntityRecord> ChangesOf(string prefix)
    {
        var changes = new Dictionary<string, EntityRecord>(StringComparer.Ordinal);
        foreach (var live in _live.Values)
        {
            if (live.Entity.StartsWith(prefix, StringComparison.Ordinal) && !live.Overlay.States.IsEmpty)
            {
                changes.Add(live.Entity, live.Overlay);
            }
        }

        return changes;
    }

    /// <summary>Tells every holder to load again.</summary>
    public void Close()
    {
        foreach (var live in _live.Values)
        {
            live.Close();
        }

        _live.Clear();
    }

    private LiveRecord GetOrAdd(string entity)
    {
        if (!_live.TryGetValue(entity, out var live))
        {
            live = new(entity);
            _live.Add(entity, live);
        }

        return live;
    }

    private void Forget(LiveRecord live, LogPosition checkpoint)
    {
        if (live.Holders == 0 && live.Overlay.Version.Position <= checkpoint)
        {
            _live.Remove(live.Entity);
        }
    }
}
