using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Shards;

internal sealed partial class HomeShard
{
    public override async Task MaintainAsync(CancellationToken cancellationToken)
    {
        lock (Lock)
        {
            _run.EvictOld(Now);
        }

        _staged.Set();
        await CheckpointAsync(cancellationToken);
        if (Ask(static run => run.NextTrim()) is { } target)
        {
            var head = await Store.TrimAsync(Id, Home.Token, target, cancellationToken);
            lock (Lock)
            {
                _run.Log.Trimmed(head);
            }
        }
    }

    private async Task CheckpointAsync(CancellationToken cancellationToken)
    {
        HomeCheckpoint? checkpoint;
        lock (Lock)
        {
            checkpoint = _run.NextCheckpoint(Now);
        }

        if (checkpoint is null)
        {
            return;
        }

        ShardHead? head = null;
        try
        {
            head = await Store.CheckpointAsync(
                Id, checkpoint.Token, checkpoint.Through, [.. checkpoint.Changes.Select(static change => new StoredRecord(change.Key, change.Value))], cancellationToken);
        }
        finally
        {
            lock (Lock)
            {
                _run.Checkpointed(checkpoint, head, Now);
            }
        }
    }
}
