using OrleansGeo.Protocol.Leases;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Control;

/// <summary>The other regions' leases: watched, revoked when they have run out, their homes taken over.</summary>
internal sealed partial class RegionControl
{
    private TimeSpan ReadInterval => _config.RenewalInterval / 4;

    private void TickPeer(RegionId region, PeerLease peer, TimeSpan now)
    {
        Arm(peer.Client, now);
        if (peer.Seen.Value.IsHeld)
        {
            WatchHeld(peer, now);
        }
        else if (peer.Ended < peer.Seen.Value.Generation)
        {
            ConfirmEnd(peer, now);
        }

        if (HasEnded(region, out var ended) && MayAct(now) && !IsJustBack(peer, now) && Topology.Involves(region))
        {
            TakeOverWhenDue(region, peer, ended, now);
        }
    }

    private void WatchHeld(PeerLease peer, TimeSpan now)
    {
        var region = peer.Region;
        var ends = peer.Seen.EndsAt(_config.DriftMargin);
        var quiet = peer.Seen.Since + (peer.Seen.Value.Duration / 2);
        if (now < ends)
        {
            Arm(now < quiet ? quiet : ends);
            if (now >= quiet)
            {
                // Perhaps only the way from there to here is cut: others may have seen a renewal.
                Read(region, peer, now);
                PrepareTakeover(peer, quiet, now);
            }

            return;
        }

        var due = ends + (_config.TakeoverStep * Rank(now));

        // After an outage of the majority, everybody's lease has run out: whoever is first back does not revoke all the others.
        var settled = _heldSince + (_config.LeaseDuration / 2);
        due = due > settled ? due : settled;
        due = due > peer.NextRevoke ? due : peer.NextRevoke;
        if (now < due || !MayAct(now))
        {
            Arm(due > now ? due : now + ReadInterval);
            Read(region, peer, now);
        }
        else if (!peer.Client.IsBusy)
        {
            Revoke(peer, now);
        }
    }

    /// <summary>
    /// A takeover may be near: writes the topology as it is, once for what was seen of the lease, so that this region holds the promise for the next ballot, and the takeover takes one round trip instead
    /// of two. The time for it passes anyway, while the lease runs out. Not before others had the time to say that they saw a renewal.
    /// </summary>
    private void PrepareTakeover(PeerLease peer, TimeSpan quiet, TimeSpan now)
    {
        var due = quiet + (_config.RenewalInterval / 2);
        if (now < due)
        {
            Arm(due);
        }
        else if (peer.PreparedFor != peer.Seen.Value && MayAct(now) && Rank(now, except: peer.Region) == 0 && Topology.Involves(peer.Region) && !_topology.IsBusy && _pending.Count == 0)
        {
            peer.PreparedFor = peer.Seen.Value;
            _topology.Start(static present => present, static _ => { }, static (_, _) => { }, now, until: peer.Seen.EndsAt(_config.DriftMargin));
            Arm(_topology, now);
        }
    }

    /// <summary>An acceptor holds the lease as ended. Whether that was decided, only a majority can say; and whoever began it may not live to finish it.</summary>
    private void ConfirmEnd(PeerLease peer, TimeSpan now)
    {
        var due = peer.Seen.Since + _config.AttemptTimeout + (_config.TakeoverStep * Rank(now));
        due = due > peer.NextRevoke ? due : peer.NextRevoke;
        if (now >= due && !peer.Client.IsBusy && peer.Seen.HasValue)
        {
            peer.NextRevoke = now + _config.AttemptTimeout;
            peer.Client.Start(static _ => default(ReadOnlyMemory<byte>?), outcome => Decided(peer, outcome), (exception, _) => Report(RegisterNames.LeaseOf(peer.Region), exception), now);
            Arm(peer.Client, now);
        }

        Arm(due > now ? due : now + ReadInterval);
        Read(peer.Region, peer, now);
    }

    /// <summary>Ends the lease in its register, if that holds what was seen to run out, or an earlier renewal by the same run.</summary>
    private void Revoke(PeerLease peer, TimeSpan now)
    {
        var seen = peer.Seen.Value;
        peer.NextRevoke = now + _config.AttemptTimeout;
        peer.Client.Start(
            bytes =>
            {
                var found = LeaseValue.Decode(bytes);
                if (!found.IsHeld || found.Generation > seen.Generation || (found.Generation == seen.Generation && found.Boot == seen.Boot && found.Renewal > seen.Renewal))
                {
                    return default(ReadOnlyMemory<byte>?);
                }

                // What was seen and is newer than this was never decided. The same run's earlier renewal ended earlier; of another run nothing is
                // known: write it again, so that everybody sees it and counts from now.
                return found.Generation == seen.Generation && found.Boot == seen.Boot ? (found with { IsHeld = false }).Encode() : bytes;
            },
            outcome => Decided(peer, outcome),
            (exception, _) => Report(RegisterNames.LeaseOf(peer.Region), exception),
            now);
        Arm(peer.Client, now);
    }

    private static void Decided(PeerLease peer, RegisterOutcome outcome)
    {
        if (LeaseValue.Decode(outcome.Value) is { IsHeld: false } ended)
        {
            peer.HasEnded(ended.Generation, outcome.Changed, outcome.Began);
        }
    }

    /// <summary>It is back and only has to record its new lease: it keeps its homes, unless that takes too long.</summary>
    private bool IsJustBack(PeerLease peer, TimeSpan now) =>
        peer.Seen.IsLive(now, _config.DriftMargin) && peer.Seen.HeldSince is { } since && now < since + _config.LeaseDuration;

    private void TakeOverWhenDue(RegionId region, PeerLease peer, long ended, TimeSpan now)
    {
        // A region that nobody saw alive may still be starting.
        var lease = _config.LeaseDuration * (1 + _config.DriftMargin);
        var grace = peer.Seen.WasHeld ? TimeSpan.Zero : lease > _config.StartGrace ? lease : _config.StartGrace;
        var due = peer.EndedHere ? peer.EndedAt : peer.EndedAt + grace + (_config.TakeoverStep * Rank(now));
        due = due > peer.NextTakeOver ? due : peer.NextTakeOver;
        if (now < due)
        {
            Arm(due);
            return;
        }

        peer.NextTakeOver = now + _config.AttemptTimeout;
        Arm(peer.NextTakeOver);
        if (TakeOver(Topology, region, ended) is null)
        {
            // Nobody can take what it has. Asking the register every second would only disturb it; its news are read anyway.
            return;
        }

        // Not again before it is known what became of it.
        peer.NextTakeOver = TimeSpan.MaxValue;
        Change(topology => TakeOver(topology, region, ended), _ => peer.NextTakeOver = _lastTick + _config.AttemptTimeout, now);
    }

    /// <summary>Judges by the topology that it changes, and by what is seen when it is asked: both may be newer than when it was asked for.</summary>
    private WorldTopology? TakeOver(WorldTopology topology, RegionId lost, long ended) => TopologyChanges.TakeOver(
        topology, lost, ended, Eligible(topology, _lastTick), other => other == Self ? -1 : _peers[other].Ended);

    /// <summary>Who can be home. A drained region only if nobody else can: its operator wanted it idle, not everything down.</summary>
    private Func<RegionId, bool> Eligible(WorldTopology topology, TimeSpan now)
    {
        bool IsWanted(RegionId region) => CanServe(topology, region, now) && !topology.StateOf(region).IsAway;
        var strict = _config.Map.Regions.All.Any(region => _config.Map.Preferences.CanBeHome(region) && IsWanted(region));
        return strict ? IsWanted : region => CanServe(topology, region, now);
    }

    /// <summary>How many of the regions that live come before this one, without the one that may be about to be taken over.</summary>
    private int Rank(TimeSpan now, RegionId? except = null)
    {
        var preferences = _config.Map.Preferences;
        var own = preferences.RankOf(Self, _config.Map.Regions);
        return _config.Map.Regions.All.Count(region => region != Self && region != except && IsLive(region, now) && preferences.RankOf(region, _config.Map.Regions) < own);
    }

    private void Read(RegionId region, PeerLease peer, TimeSpan now)
    {
        if (now >= peer.NextRead)
        {
            peer.NextRead = now + ReadInterval;
            _messages.Add(new ControlMessage.ToAcceptors(RegisterNames.LeaseOf(region), new RegisterMessage.Read()));
        }

        Arm(peer.NextRead);
    }
}
