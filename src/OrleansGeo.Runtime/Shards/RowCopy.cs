using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Logs;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Shards;

/// <summary>Takes the records of a row shard back from another region, for an owner whose store was replaced: the others trimmed the log that it would need.</summary>
internal sealed class RowCopy(IRegionStore store, IRegionLinks links)
{
    /// <summary>The other region's store has promised <paramref name="token"/>, so nobody writes there meanwhile.</summary>
    public async Task<ShardHead> TakeAsync(ShardId shard, FencingToken token, RegionId source, CancellationToken cancellationToken)
    {
        if (!links.TryGetChannel(source, out var channel))
        {
            throw new OrleansException($"The link to {source}, which has the records of {shard}, is down.");
        }

        var control = channel.Grains.GetGrain<IControlGrain>(0);
        var head = (await control.Heads([shard.Name]))[0].ToHead();
        var copy = Guid.NewGuid();
        await store.CopyAsync(shard, token, new CopyCommand.Begin(copy, new(head.Trimmed, head.Last, head.Epochs)), cancellationToken);
        for (CopyCursor? cursor = default(CopyCursor); cursor is { } at;)
        {
            var page = await control.ReadStatesAfter(shard.Name, at.After, at.Entity, at.State);
            if (page.Length > 0)
            {
                await store.CopyAsync(shard, token, new CopyCommand.Add(copy, CopyStateWire.ToRecords(page)), cancellationToken);
            }

            cursor = at.Next([.. page.Select(static state => (state.Entity, state.Name))]);
        }

        return await store.CopyAsync(shard, token, new CopyCommand.Finish(copy, head.Trimmed, head.Checkpoint, head.Epochs), cancellationToken);
    }
}
