using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Simulation.Stores;

/// <summary>The steps by which records are copied into a store.</summary>
internal static class StoreCopies
{
    public static ShardHead Begin(SimWorld world, int region, int shard, FencingToken token, CopyStart start)
    {
        var store = world.Regions[region].Store;
        var stored = store[shard];
        var may = CopyFence.MayBegin(stored.Head, token, start, out var foreignAfter);
        if (!may && (world.Config.Fault != SimFault.UnguardedCopy || token.IsFencedBy(stored.Head.Promised)))
        {
            return stored.Head;
        }

        if (world.Config.Fault != SimFault.CopyDiscardsForeignRows)
        {
            store.Ledger.AddRange(stored.Rows.Where(row => row.First > foreignAfter).Select(row => (shard, row)));
        }

        stored.Rows.Clear();
        stored.Records.Clear();
        stored.Head = stored.Head with { Promised = token, Copying = true };
        world.Checks.Logs.Discard(region, shard);
        return stored.Head;
    }

    public static ShardHead Add(SimWorld world, int region, int shard, FencingToken token, ImmutableArray<string> entities, ImmutableArray<EntityRecord> records)
    {
        var stored = world.Regions[region].Store[shard];
        if (!token.IsFencedBy(stored.Head.Promised) && stored.Head.Copying)
        {
            for (var i = 0; i < entities.Length; i++)
            {
                stored.Put(entities[i], records[i], world.Config.Fault == SimFault.OlderRecordWins);
            }
        }

        return stored.Head;
    }

    public static ShardHead Finish(SimWorld world, int region, int shard, FencingToken token, CopyFinish finish)
    {
        var stored = world.Regions[region].Store[shard];
        if (token.IsFencedBy(stored.Head.Promised) || !stored.Head.Copying)
        {
            return stored.Head;
        }

        stored.Head = new()
        {
            Promised = token,
            Last = finish.Trimmed,
            Trimmed = finish.Trimmed,
            Checkpoint = finish.Checkpoint,
            Epochs = finish.Epochs.Cut(finish.Trimmed),
        };
        world.Checks.Logs.Copied(region, shard, world.IndexOf(token.Region), finish.Trimmed);
        world.Checks.Logs.HeadIs(region, shard, stored.Head);
        return stored.Head;
    }
}
