using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Storage;

namespace OrleansGeo.World.Hosting;

/// <summary>The first silo's store, as a further silo of the same region and process sees it: open already, and closed by the first.</summary>
internal sealed class SharedRegionStore(IRegionStore store) : IRegionStore
{
    public string Description => store.Description;

    public Task OpenAsync(StoreWorld world, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public Task<ImmutableArray<ShardId>> ListShardsAsync(CancellationToken cancellationToken = default) => store.ListShardsAsync(cancellationToken);

    public Task<ShardHead> ReadHeadAsync(ShardId shard, CancellationToken cancellationToken = default) => store.ReadHeadAsync(shard, cancellationToken);

    public Task<AppendResult> AppendAsync(ShardId shard, AppendCommand command, CancellationToken cancellationToken = default) =>
        store.AppendAsync(shard, command, cancellationToken);

    public Task<ShardHead> PromiseAsync(ShardId shard, FencingToken token, CancellationToken cancellationToken = default) =>
        store.PromiseAsync(shard, token, cancellationToken);

    public Task<ShardHead> CutAsync(ShardId shard, FencingToken token, LogPosition keepThrough, CancellationToken cancellationToken = default) =>
        store.CutAsync(shard, token, keepThrough, cancellationToken);

    public Task<ImmutableArray<LogRow>> ReadLogAsync(ShardId shard, LogPosition from, int maxBytes, CancellationToken cancellationToken = default) =>
        store.ReadLogAsync(shard, from, maxBytes, cancellationToken);

    public Task<EntityRecord> ReadRecordAsync(ShardId shard, string entity, CancellationToken cancellationToken = default) =>
        store.ReadRecordAsync(shard, entity, cancellationToken);

    public Task<ImmutableArray<StoredRecord>> ReadRecordsAsync(
        ShardId shard, string? afterEntity, int maxBytes, CancellationToken cancellationToken = default) =>
        store.ReadRecordsAsync(shard, afterEntity, maxBytes, cancellationToken);

    public Task<ShardHead> CheckpointAsync(
        ShardId shard, FencingToken token, LogPosition through, ImmutableArray<StoredRecord> changes, CancellationToken cancellationToken = default) =>
        store.CheckpointAsync(shard, token, through, changes, cancellationToken);

    public Task<ShardHead> TrimAsync(ShardId shard, FencingToken token, LogPosition through, CancellationToken cancellationToken = default) =>
        store.TrimAsync(shard, token, through, cancellationToken);

    public Task<ShardHead> CopyAsync(ShardId shard, FencingToken token, CopyCommand command, CancellationToken cancellationToken = default) =>
        store.CopyAsync(shard, token, command, cancellationToken);

    public Task<ImmutableArray<CutRow>> ReadCutRowsAsync(CancellationToken cancellationToken = default) => store.ReadCutRowsAsync(cancellationToken);
}
