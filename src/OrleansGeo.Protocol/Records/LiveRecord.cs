using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Records;

/// <summary>The record of one entity that is active, or that changed since the checkpoint. Activations read <see cref="Current"/> without a lock.</summary>
internal sealed class LiveRecord
{
    private volatile EntityRecord? _current;
    private volatile bool _closed;

    internal LiveRecord(string entity) => Entity = entity;

    public string Entity { get; }

    /// <summary>The record with every change that may be seen; null until the stored part is loaded.</summary>
    public EntityRecord? Current => _current;

    /// <summary>The shard that this belonged to was closed: load again from the one that took its place.</summary>
    public bool IsClosed => _closed;

    internal EntityRecord Overlay { get; private set; } = EntityRecord.Empty;

    internal int Holders { get; private set; }

    /// <summary>A holder keeps the record, perhaps for long: from here on it keeps no rows in memory. Until then, rows and record go together, with the checkpoint.</summary>
    internal void Hold()
    {
        if (Holders++ == 0)
        {
            Overlay = Overlay.Owned();
            _current = _current?.Owned();
        }
    }

    internal void Loaded(EntityRecord stored) => _current ??= Overlay.Over(stored);

    internal void Apply(EntityRecord changes)
    {
        changes = Holders > 0 ? changes.Owned() : changes;
        Overlay = changes.Over(Overlay);
        if (_current is { } current)
        {
            _current = changes.Over(current);
        }
    }

    internal void Release() => Holders--;

    internal void Close() => _closed = true;
}
