using System.Collections.Immutable;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Storage;

namespace OrleansGeo.Runtime.Shards;

/// <summary>What the replicators, one for each peer region, ask of the home.</summary>
internal sealed partial class HomeShard
{
    private volatile bool _isHandingOver;

    /// <summary>Requests wait: the shard is moving to another region, or stays after all.</summary>
    public bool IsHandingOver => _isHandingOver;

    /// <summary>The number under which the log knows a region's replica.</summary>
    public int ReplicaOf(RegionId region) => _log.Config.Replicas.IndexOf(region);

    public void RestartReplica(int replica)
    {
        lock (Lock)
        {
            _log.Restart(replica);
        }
    }

    public Shipment? NextShipment(int replica)
    {
        lock (Lock)
        {
            return ClosedBecause is null ? _log.NextShipment(replica) : null;
        }
    }

    public async Task<Shipment.Send?> ReadShipmentAsync(int replica, Shipment.Read read)
    {
        var rows = await Store.ReadLogAsync(Id, read.From, _log.Config.ReplicationWindowBytes, Closing);
        lock (Lock)
        {
            return _log.Offer(replica, read.Session, rows);
        }
    }

    public ReplyEffect Replied(int replica, int session, AppendMessage message, AppendReply reply)
    {
        ReplyEffect effect;
        lock (Lock)
        {
            effect = ClosedBecause is null ? _log.Replied(replica, session, message, reply) : ReplyEffect.None;
        }

        switch (effect)
        {
            case ReplyEffect.Fenced:
                Close($"a replica knows a newer home, {reply.Promised}");
                break;
            case ReplyEffect.StoreWentBack:
                WentBack = true;
                Close($"its store went back in time: {_log.Config.Replicas[replica]} has entry {reply.Last} of epoch {reply.LastEpoch}, this store ends at {_log.Stored}. Restore the newer store, or fail this region over");
                break;
            default:
                Acknowledge();
                break;
        }

        return effect;
    }

    /// <summary>See <see cref="HomeLog.RefusalOf"/>.</summary>
    public string? RefusalOf(int replica)
    {
        lock (Lock)
        {
            return _log.RefusalOf(replica);
        }
    }

    /// <summary>Where a copy of the records starts from, under the lock that also holds trimming back.</summary>
    public (CopyStart Start, CopyFinish Finish) BeginCopy()
    {
        lock (Lock)
        {
            var head = _log.Head;
            return (new(head.Trimmed, head.Last, head.Epochs), new(head.Trimmed, head.Checkpoint, head.Epochs));
        }
    }

    /// <summary>As large may a message be.</summary>
    public int BatchBytes => _log.Config.BatchBytes;

    public Task<ImmutableArray<StoredRecord>> ReadRecordsAsync(string? after) => Store.ReadRecordsAsync(Id, after, BatchBytes, Closing);

    public void Copied(int replica, int session)
    {
        lock (Lock)
        {
            _log.Copied(replica, session);
        }
    }

    /// <summary>The last stored entry and its epoch.</summary>
    public (LogPosition Last, long Epoch) End
    {
        get
        {
            lock (Lock)
            {
                return (_log.Stored, _log.Head.LastEpoch);
            }
        }
    }

    /// <summary>Stages nothing from here on: the shard is to be handed over.</summary>
    public void BeginHandOver()
    {
        lock (Lock)
        {
            _isHandingOver = true;
            _log.BeginHandOver();
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
            _log.EndHandOver();
        }

        Departures.Withdraw();
    }

    /// <summary>See <see cref="HomeLog.IsDrainedInto"/>.</summary>
    public bool IsDrainedInto(int replica)
    {
        lock (Lock)
        {
            return ClosedBecause is null && _log.IsDrainedInto(replica);
        }
    }

    /// <summary>Whether the replica holds what the epochs before this one left: it cut whatever else it had.</summary>
    public bool HasSettled(int replica)
    {
        lock (Lock)
        {
            return _log.MatchOf(replica) >= _log.ReadyAt;
        }
    }

    /// <summary>How many entries the replica is behind; null while that is not known, or while it cannot read what it lacks.</summary>
    public long? LagOf(int replica)
    {
        lock (Lock)
        {
            return _log.IsKnown(replica) && _log.RefusalOf(replica) is null ? _log.Stored.Value - _log.MatchOf(replica).Value : null;
        }
    }
}
