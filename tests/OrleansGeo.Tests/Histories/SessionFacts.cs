using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Tests.Histories;

/// <summary>What all sessions together tell of the entities.</summary>
internal sealed class SessionFacts
{
    private readonly Dictionary<(string Entity, string Value), SessionOperation> _writes = [];
    private readonly ILookup<string, RecordVersion> _versions;
    private readonly ILookup<string, RecordVersion?> _deletions;

    public SessionFacts(IReadOnlyList<SessionOperation> history)
    {
        foreach (var write in history.Where(static operation => operation is { Kind: SessionActionKind.Write, ToldWriteLost: false, Value: not null }))
        {
            if (!_writes.TryAdd((write.Entity, write.Value!), write))
            {
                throw new ArgumentException($"{write.Value} is written to {write.Entity} twice: then values do not tell what a session saw.", nameof(history));
            }
        }

        var done = history.Where(static operation => !operation.ToldWriteLost).ToList();
        _versions = done.Where(static operation => operation.Version is not null).ToLookup(static operation => operation.Entity, static operation => operation.Version!.Value);
        _deletions = done.Where(static operation => operation.Kind == SessionActionKind.Delete).ToLookup(static operation => operation.Entity, static operation => operation.Version);
    }

    /// <summary>The write of a value whose version was told.</summary>
    public SessionOperation? WriteOf(string entity, string? value) =>
        value is not null && _writes.TryGetValue((entity, value), out var write) && write.Version is not null ? write : null;

    /// <summary>Whether a deletion may have come after this version.</summary>
    public bool MayBeDeletedAfter(string entity, RecordVersion version) =>
        _deletions[entity].Any(deleted => deleted is not { } told || VersionOrder.Reaches(told, version));

    /// <summary>Whether the log of this epoch, or one before, has another entry where the version's was or earlier: then that was cut off.</summary>
    public bool IsLostBy(string entity, long epoch, RecordVersion version) =>
        _versions[entity].Any(other => other.Epoch > version.Epoch && other.Epoch <= epoch && other.Position <= version.Position);
}
