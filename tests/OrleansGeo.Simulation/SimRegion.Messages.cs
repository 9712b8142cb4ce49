using System.Collections.Immutable;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Simulation.Clients;
using OrleansGeo.Simulation.Moves;
using OrleansGeo.Simulation.Rows;
using OrleansGeo.Simulation.Shells;

namespace OrleansGeo.Simulation;

/// <summary>What arrives in a region for its shards.</summary>
internal sealed partial class SimRegion
{
    public void Request(SimOperation operation, EntityPlace asked, Action<SimReply> reply)
    {
        if (HomeOf(asked.Shard) is { } home)
        {
            home.Request(operation, asked, reply);
        }
        else
        {
            reply(SimAnswer.Refused);
        }
    }

    /// <summary>The shard's home here, if it is here: now and then an old one.</summary>
    public HomeShell? HomeOf(int shard) => Pick(shard)?.Shown as HomeShell;

    public void ReadLocally(SimOperation operation) => Run(() =>
    {
        if (IsUp && world.Config.Moves)
        {
            new EntityRead(world, this, operation, static _ => { }).Walk();
        }
        else if (IsUp && Shells[operation.Shard] is ReplicaShell replica)
        {
            replica.Read(operation, static _ => { });
        }
    });

    /// <summary>A session's read: the replica's if it shows what the session saw.</summary>
    public void ReadInSession(SimOperation operation, Action<SimReply> reply)
    {
        if (world.Config.Moves)
        {
            new EntityRead(world, this, operation, reply).Walk();
        }
        else if (Shells[operation.Shard] is ReplicaShell replica)
        {
            replica.Read(operation, reply);
        }
        else
        {
            Request(operation, new(operation.Shard), reply);
        }
    }

    public void RowRequest(RowOperation operation, Action<RowReply> reply) => new RowRequest(world, this, operation, reply).Begin();

    public void Append(int shard, AppendMessage message, Action<AppendReply> reply)
    {
        if (Pick(shard) is not { } seat)
        {
            return;
        }

        if (seat.Fences(message.Token) && seat.Home is { Log: var log } home)
        {
            reply(new(AppendVerdict.Fenced, log.Stored, log.Head.LastEpoch, log.Stored, log.Head.LastEpoch, home.Token));
        }
        else if (seat.Replica is { } replica)
        {
            Hear(shard, message.Token.Epoch);
            replica.Receive(message, reply);
        }
    }

    public void Copy(int shard, CopyMessage message, Action<bool> reply)
    {
        if (Pick(shard) is { Home: null, Replica: { } replica })
        {
            replica.Receive(message, reply);
        }
    }

    public void Hello(int shard, RegionId replica) => Seats[shard]?.Home?.Hello(replica);

    /// <summary>A recovery asks this region's store to promise; the promise and the head are one durable step.</summary>
    public void Promise(int shard, FencingToken token, Action<ShardHead, bool> reply)
    {
        // As it was before the store was asked: what it says may be from before it was made whole.
        var runs = Runs;
        var isProven = Standing is { IsProven: true } || world.Config.Fault == SimFault.UnprovenStoreVotes;
        void Promise(Action<ShardHead> done) =>
            Store.Queue.Submit(() => IsUp && Runs == runs, $"shard {shard} promise {token}", writes: true, () => Store.Promise(shard, token), done, static () => { });
        if (world.Config.Fault == SimFault.PromiseInTwoSteps)
        {
            Store.Queue.Submit(() => IsUp && Runs == runs, $"shard {shard} read tail", writes: false, () => Store[shard].Head, tail => Promise(head => reply(tail with { Promised = head.Promised }, isProven)), static () => { });
        }
        else
        {
            Promise(head => reply(head, isProven));
        }
    }

    /// <summary>A recovery reads this region's log.</summary>
    public void Fetch(int shard, LogPosition from, Action<(ImmutableArray<LogRow> Rows, ShardHead Head)> reply)
    {
        if (Store[shard].IsDamaged)
        {
            return;
        }

        var runs = Runs;
        Store.Queue.Submit(() => IsUp && Runs == runs, $"shard {shard} read from {from}", writes: false, () => (Store.ReadLog(shard, from, world.Config.WindowBytes), Store[shard].Head), reply, static () => { });
    }

    /// <summary>The home hands a shard over; confirmed once this region has begun the epoch on its disk.</summary>
    public void TakeOver(int shard, HandOverToken token, Action<bool> confirm) => Seats[shard]?.TakeOver(token, confirm);

    /// <summary>The activation that a message finds: now and then an old one.</summary>
    private SeatShell? Pick(int shard)
    {
        var old = _zombies.FirstOrDefault(zombie => zombie.IsAlive && zombie.Shard == shard);
        return old is not null && world.Chance.Percent(40) ? old : Seats[shard];
    }
}
