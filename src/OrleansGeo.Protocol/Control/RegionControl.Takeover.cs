using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Control;

/// <summary>The other regions' leases: watched, revoked when they have run out, their homes taken over.</summary>
public sealed partial class RegionControl
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
            // An acceptor holds it as ended. Whether that was decided, only a majority can say.
            Read(region, peer, now);
        }

        // One that is back and only has to record its new lease keeps its homes.
        if (HasEnded(region, out var ended) && MayAct(now) && !IsLive(region, now) && Topology.Involves(region))
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
            }

            return;
        }

        var due = ends + (_config.TakeoverStep * Rank(now));
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

    /// <summary>Ends the lease in its register, if what was observed is still what it holds.</summary>
    private void Revoke(PeerLease peer, TimeSpan now)
    {
        var observed = peer.Seen.Bytes;
        var ended = peer.Seen.Value with { IsHeld = false };
        peer.Client.Start(
            bytes => bytes.Span.SequenceEqual(observed.Span) ? ended.Encode() : null,
            outcome =>
            {
                if (outcome.Changed)
                {
                    peer.HasEnded(ended.Generation, here: true, outcome.Began);
                }
                else if (!peer.Seen.IsLive(outcome.Began, _config.DriftMargin))
                {
                    // Somebody revoked it first, or it was renewed and nobody told: the answers said which.
                    peer.NextRead = TimeSpan.Zero;
                }
            },
            now);
        Arm(peer.Client, now);
    }

    private void TakeOverWhenDue(RegionId region, PeerLease peer, long ended, TimeSpan now)
    {
        // A region that nobody saw alive may still be starting.
        var grace = peer.Seen.WasHeld ? TimeSpan.Zero : _config.LeaseDuration * (1 + _config.DriftMargin);
        var due = peer.EndedHere ? peer.EndedAt : peer.EndedAt + grace + (_config.TakeoverStep * Rank(now));
        due = due > peer.NextTakeOver ? due : peer.NextTakeOver;
        if (now < due)
        {
            Arm(due);
            return;
        }

        peer.NextTakeOver = now + _config.AttemptTimeout;
        Arm(peer.NextTakeOver);
        Change(topology => TopologyChanges.TakeOver(topology, region, ended, Eligible(now), other => HasEnded(other, out _)), null, now);
    }

    /// <summary>Who can be home. A drained region only if nobody else can: its operator wanted it idle, not everything down.</summary>
    private Func<RegionId, bool> Eligible(TimeSpan now)
    {
        var strict = _config.Map.Regions.All.Any(region => _config.Map.Preferences.CanBeHome(region) && IsEligible(region, now));
        return strict ? region => IsEligible(region, now) : region => CanServe(region, now);
    }

    /// <summary>How many of the regions that live come before this one.</summary>
    private int Rank(TimeSpan now)
    {
        var preferences = _config.Map.Preferences;
        var own = preferences.RankOf(Self, _config.Map.Regions);
        return _config.Map.Regions.All.Count(region => region != Self && IsLive(region, now) && preferences.RankOf(region, _config.Map.Regions) < own);
    }

    private void Read(RegionId region, PeerLease peer, TimeSpan now)
    {
        if (now >= peer.NextRead)
        {
            peer.NextRead = now + ReadInterval;
            _messages.Add(new ControlMessage.ToAcceptors(RegisterNames.LeaseOf(region), peer.BeginRead()));
        }

        Arm(peer.NextRead);
    }
}
