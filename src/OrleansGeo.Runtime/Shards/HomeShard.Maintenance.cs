using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Runtime.Storage;

namespace OrleansGeo.Runtime.Shards;

internal sealed partial class HomeShard
{
    public override async Task MaintainAsync(CancellationToken cancellationToken)
    {
        if (IsHandingOver)
        {
            // Its store may have promised it to another region already.
            return;
        }

        bool evicted;
        lock (Lock)
        {
            evicted = ClosedBecause is null && _log.EvictOld(Now);
        }

        if (evicted)
        {
            _staged.Set();
        }

        await CheckpointAsync(cancellationToken);
        await TrimAsync(cancellationToken);
    }

    private async Task CheckpointAsync(CancellationToken cancellationToken)
    {
        LogPosition target;
        Dictionary<string, EntityRecord> changes;
        lock (Lock)
        {
            target = _log.CheckpointTarget;
            var isDue = _log.Tail.EntriesAbove(Checkpoint) >= _limits.CheckpointEntries || Now - _lastCheckpoint >= _limits.CheckpointInterval;
            if (ClosedBecause is not null || target <= Checkpoint || !isDue)
            {
                return;
            }

            changes = _log.ChangesThrough(target);
        }

        var head = await Store.CheckpointAsync(Id, _log.Config.Token, target, [.. changes.Select(static change => new StoredRecord(change.Key, change.Value))], cancellationToken);
        lock (Lock)
        {
            _lastCheckpoint = Now;
            _log.Checkpointed(head, changes.Keys);
        }
    }

    private async Task TrimAsync(CancellationToken cancellationToken)
    {
        LogPosition target;
        lock (Lock)
        {
            target = _log.TrimTarget;
            if (ClosedBecause is not null || target <= _log.Head.Trimmed)
            {
                return;
            }
        }

        var head = await Store.TrimAsync(Id, _log.Config.Token, target, cancellationToken);
        lock (Lock)
        {
            _log.Trimmed(head);
        }
    }
}
