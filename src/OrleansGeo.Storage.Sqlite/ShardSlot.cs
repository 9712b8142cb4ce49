using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Storage.Sqlite;

/// <summary>The writer's memory of one shard: its head as the transaction under way leaves it.</summary>
internal sealed class ShardSlot(ShardId shard, long id, bool exists, ShardHead head)
{
    public ShardId Shard { get; } = shard;

    public long Id { get; } = id;

    /// <summary>Whether the table <c>shards</c> has a row of it, in this transaction or before.</summary>
    public bool Exists { get; set; } = exists;

    public ShardHead Head { get; set; } = head;

    /// <summary>The head must be written before the commit.</summary>
    public bool Changed { get; set; }
}
