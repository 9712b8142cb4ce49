using System.Collections.Immutable;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Replication;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Simulation.Shells;

internal sealed partial class HomeShell
{
    private readonly Dictionary<int, int> _sessions = [];

    private int RegionOf(int replica) => World.IndexOf(Log.Config.Replicas[replica]);

    public void Hello(RegionId region)
    {
        if (Log is var log && log.Config.Replicas.IndexOf(region) is >= 0 and var replica && log.IsKnown(replica))
        {
            log.Restart(replica);
            _sessions[replica] = -1;
            Go();
        }
    }

    private void Ship(int replica)
    {
        for (var count = 0; IsAlive && Run.NextShipment(replica) is { } shipment; count++)
        {
            SimViolation.Unless(count < 10_000, $"{Name}: shipping to replica {replica} does not end.");
            switch (shipment)
            {
                case Shipment.Send send:
                    Send(replica, send);
                    break;
                case Shipment.Read read:
                    _sessions[replica] = read.Session;
                    Read(replica, read);
                    break;
                case Shipment.Copy copy:
                    _sessions[replica] = copy.Session;
                    Copy(replica, copy.Session);
                    break;
            }
        }
    }

    private void Send(int replica, Shipment.Send send)
    {
        _sessions[replica] = send.Session;
        var to = RegionOf(replica);
        var replied = false;
        World.Network.Send(Region.Index, to, $"append of shard {Shard} {send.Message.Token} after {send.Message.PreviousEpoch}.{send.Message.Previous} through {send.Message.Through}", () =>
            World.Regions[to].Append(Shard, send.Message, reply => World.Network.Send(to, Region.Index, $"reply of shard {Shard} {reply.Verdict} {reply.AtEpoch}.{reply.At}", () =>
            {
                if (IsAlive && !replied)
                {
                    replied = true;
                    Replied(replica, send, reply);
                }
            })));
        After(World.Chance.Between(40_000, 120_000), () =>
        {
            if (!replied && _sessions[replica] == send.Session)
            {
                // A late reply may still come: the log must ignore all of it but what the replica stored.
                Log.Restart(replica);
                _sessions[replica] = -1;
                Ship(replica);
            }
        });
    }

    private void Replied(int replica, Shipment.Send send, AppendReply reply)
    {
        if (Hears(reply.Promised))
        {
            Run.Replied(replica, send, reply);
            Go();
        }
    }

    private void Read(int replica, Shipment.Read read) => Store(
        $"read log from {read.From}",
        writes: false,
        () => Region.Store.ReadLog(Shard, read.From, World.Config.WindowBytes),
        rows =>
        {
            if (Run.Offer(replica, read, rows) is { } send)
            {
                Send(replica, send);
            }

            Go();
        },
        () =>
        {
            if (_sessions[replica] == read.Session)
            {
                Log.Restart(replica);
                Go();
            }
        });

    /// <summary>Sends the records, page by page. They are newer than the head that was read first, never older.</summary>
    private void Copy(int replica, int session)
    {
        var (start, finish) = Log.BeginCopy();
        finish = Fault == SimFault.NoDeduplicationAfterCopy ? finish with { Trimmed = finish.Checkpoint } : finish;
        var copy = new Guid((int)World.Chance.Next(), 0, 0, BitConverter.GetBytes(World.Chance.Next()));
        World.Checks.Logs.CopyBegins(copy, Region.Index, Shard);
        World.Trace($"{Name}: copies to {World.NameOf(RegionOf(replica))}, log goes on after {finish.Trimmed}, records as of {finish.Checkpoint}");
        SendPage(replica, session, new(Token, copy, 0, [], [], start, null), finish, null);
    }

    private void SendPage(int replica, int session, CopyMessage page, CopyFinish finish, string? after)
    {
        var to = RegionOf(replica);
        var replied = false;
        World.Network.Send(Region.Index, to, $"copy of shard {Shard} page {page.Page}", () =>
            World.Regions[to].Copy(Shard, page, accepted => World.Network.Send(to, Region.Index, $"copy of shard {Shard} page {page.Page} accepted: {accepted}", () =>
            {
                if (IsAlive && !replied)
                {
                    replied = true;
                    if (!accepted || page.Finish is not null)
                    {
                        EndCopy(replica, session);
                    }
                    else
                    {
                        NextPage(replica, session, page, finish, after);
                    }
                }
            })));
        After(150_000, () =>
        {
            if (!replied)
            {
                replied = true;
                EndCopy(replica, session);
            }
        });
    }

    private void NextPage(int replica, int session, CopyMessage page, CopyFinish finish, string? after) => Store(
        "read records",
        writes: false,
        () => Region.Store.ReadRecords(Shard, after, 2),
        records => SendPage(
            replica,
            session,
            new(Token, page.Copy, page.Page + 1, [.. records.Select(record => record.Entity)], [.. records.Select(record => record.Record)], null, records.IsEmpty ? finish : null),
            finish,
            records.IsEmpty ? after : records[^1].Entity),
        () => EndCopy(replica, session));

    private void EndCopy(int replica, int session)
    {
        Log.Copied(replica, session);
        Go();
    }
}
