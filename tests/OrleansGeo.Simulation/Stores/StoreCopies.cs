using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Simulation.Stores;

/// <summary>The steps by which records are copied into a store.</summary>
internal static class StoreCopies
{
    public static ShardHead Begin(SimWorld world, int region, int shard, CopyMessage message)
    {
        var store = world.Regions[region].Store;
        var stored = store[shard];
        var may = CopyFence.MayBegin(stored.Head, message.Token, message.Start!, out var foreignAfter);
        if (!may && (world.Config.Fault != SimFault.UnguardedCopy || message.Token.IsFencedBy(stored.Head.Promised)))
        {
            return stored.Head;
        }

        if (world.Config.Fault != SimFault.CopyDiscardsForeignRows)
        {
            store.Ledger.AddRange(stored.Rows.Where(row => row.First > foreignAfter).Select(row => (shard, row)));
        }

        stored.Rows.Clear();
        stored.Records.Clear();
        stored.Head = stored.Head with { Promised = message.Token, Copying = true, Copy = message.Copy };
        world.Checks.Logs.Discard(region, shard);
        return stored.Head;
    }

    public static ShardHead Add(SimWorld world, int region, int shard, CopyMessage message)
    {
        var stored = world.Regions[region].Store[shard];
        if (Takes(world, stored, message))
        {
            for (var i = 0; i < message.Entities.Length; i++)
            {
                stored.Put(message.Entities[i], message.Records[i]);
            }
        }

        return stored.Head;
    }

    public static ShardHead Finish(SimWorld world, int region, int shard, CopyMessage message, CopyFinish finish, int? from = null)
    {
        var stored = world.Regions[region].Store[shard];
        if (!Takes(world, stored, message))
        {
            return stored.Head;
        }

        stored.Head = new()
        {
            Promised = message.Token,
            Last = finish.Trimmed,
            Trimmed = finish.Trimmed,
            Checkpoint = finish.Checkpoint,
            Epochs = finish.Epochs.Cut(finish.Trimmed),
        };
        world.Checks.Logs.Copied(region, shard, message.Copy, from ?? world.IndexOf(message.Token.Region), finish);
        world.Checks.Logs.HeadIs(region, shard, stored.Head);
        return stored.Head;
    }

    /// <summary>The owner of a row shard whose store was replaced takes the records back from another region.</summary>
    public static ShardHead TakeBack(SimWorld world, int region, int shard, FencingToken token, int from, Guid copy, ShardHead head, ImmutableArray<(string Entity, EntityRecord Record)> records)
    {
        Begin(world, region, shard, new(token, copy, 0, [], [], new(head.Trimmed, head.Last, head.Epochs), null));
        Add(world, region, shard, new(token, copy, 1, [.. records.Select(static item => item.Entity)], [.. records.Select(static item => item.Record)], null, null));
        return Finish(world, region, shard, new(token, copy, 2, [], [], null, null), new(head.Trimmed, head.Checkpoint, head.Epochs), from);
    }

    /// <summary>A page of a copy that was begun again must not go into the new one, least of all its end.</summary>
    private static bool Takes(SimWorld world, StoredShard stored, CopyMessage message) =>
        !message.Token.IsFencedBy(stored.Head.Promised)
        && stored.Head.Copying
        && (stored.Head.Copy == message.Copy || world.Config.Fault == SimFault.CopyNotNamed);
}
