using System.Collections.Immutable;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Shards;

/// <summary>What the replicators, one for each peer region, ask of the home.</summary>
internal sealed partial class HomeShard
{
    private volatile bool _isHandingOver;

    /// <summary>Requests wait: the shard is moving to another region, or stays after all.</summary>
    public bool IsHandingOver => _isHandingOver;

    /// <summary>The number under which the log knows a region's replica.</summary>
    public int ReplicaOf(RegionId region) => _run.Log.Config.Replicas.IndexOf(region);

    public void RestartReplica(int replica)
    {
        lock (Lock)
        {
            _run.Log.Restart(replica);
        }
    }

    public Shipment? NextShipment(int replica)
    {
        lock (Lock)
        {
            return _run.NextShipment(replica);
        }
    }

    public async Task<Shipment.Send?> ReadShipmentAsync(int replica, Shipment.Read read)
    {
        var rows = await Store.ReadLogAsync(Id, read.From, _run.Log.Config.ReplicationWindowBytes, Closing);
        lock (Lock)
        {
            return _run.Offer(replica, read, rows);
        }
    }

    public ReplyEffect Replied(int replica, Shipment.Send sent, AppendReply reply)
    {
        ReplyEffect effect;
        lock (Lock)
        {
            effect = _run.Replied(replica, sent, reply);
        }

        Follow();
        return effect;
    }

    /// <summary>See <see cref="HomeLog.RefusalOf"/>.</summary>
    public string? RefusalOf(int replica)
    {
        lock (Lock)
        {
            return _run.Log.RefusalOf(replica);
        }
    }

    /// <summary>Where a copy of the records starts from, under the lock that also holds trimming back.</summary>
    public (CopyStart Start, CopyFinish Finish) BeginCopy() => Ask(static run => run.Log.BeginCopy());

    /// <summary>As large may a message be.</summary>
    public int BatchBytes => _run.Log.Config.BatchBytes;

    public Task<ImmutableArray<StoredRecord>> ReadRecordsAsync(string? after) => Store.ReadRecordsAsync(Id, after, BatchBytes, Closing);

    public void Copied(int replica, int session)
    {
        lock (Lock)
        {
            _run.Log.Copied(replica, session);
        }
    }

    /// <summary>The last stored entry and its epoch.</summary>
    public (LogPosition Last, long Epoch) End
    {
        get
        {
            lock (Lock)
            {
                return (_run.Log.Stored, _run.Log.Head.LastEpoch);
            }
        }
    }

    /// <summary>Stages nothing from here on: the shard is to be handed over.</summary>
    public void BeginHandOver()
    {
        lock (Lock)
        {
            _isHandingOver = true;
            _run.Log.BeginHandOver();
        }

        Departures.Close();
    }

    /// <summary>
    /// The store is about to promise the shard to another region, which may acknowledge from then on: what is shown here is no fresher than it is now,
    /// whatever becomes of the promise. To be called before that is asked for.
    /// </summary>
    public void BeginGivingAway(LeaseClock clock)
    {
        // Once only: if the outcome of an earlier promise is unknown, that one may count. The time is taken before the lease is asked for.
        var now = clock.Now;
        _given ??= new(clock, MayAct ? now : null);
    }

    /// <summary>The shard stays after all; the store promised it to no other region, and no token was sent.</summary>
    public void EndHandOver()
    {
        lock (Lock)
        {
            _given = null;
            _isHandingOver = false;
            _run.Log.EndHandOver();
        }

        Departures.Withdraw();
    }

    /// <summary>See <see cref="HomeLog.IsDrainedInto"/>.</summary>
    public bool IsDrainedInto(int replica)
    {
        lock (Lock)
        {
            return _run.IsDrainedInto(replica);
        }
    }

    /// <summary>See <see cref="HomeLog.HasSettled"/>.</summary>
    public bool HasSettled(int replica)
    {
        lock (Lock)
        {
            return _run.Log.HasSettled(replica);
        }
    }

    /// <summary>See <see cref="HomeLog.LagOf"/>.</summary>
    public long? LagOf(int replica)
    {
        lock (Lock)
        {
            return _run.Log.LagOf(replica);
        }
    }
}
