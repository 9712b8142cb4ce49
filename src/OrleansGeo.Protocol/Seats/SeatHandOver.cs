using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Seats;

/// <summary>Giving the home away, planned.</summary>
/// <remarks>
/// The topology reserves (target, next epoch) while the home still serves. Then: stage nothing more, wait until everything is in the own store and
/// on its way to the target (of a region shard: in its store too), let the own store promise the target's epoch, and only then send the token,
/// again and again until it is confirmed. From the promise on this region can never serve under its old epoch, whatever crashes. What it
/// staged before it goes on acknowledging until that is done.
/// </remarks>
internal sealed class SeatHandOver(SeatConfig config, ISeatView view, SeatScript script, SeatChanges changes)
{
    private FencingToken? _withdrawn;
    private FencingToken? _sent;
    private TimeSpan _sendNext;
    private long _sending;
    private bool _isDrained;

    /// <summary>Just before the store was asked to promise the shard to another region.</summary>
    public TimeSpan? PromisedAt { get; private set; }

    /// <summary>When the token is sent again, unless the topology shows by then that it arrived.</summary>
    public TimeSpan SendAgainAt { get; private set; } = SeatScript.Never;

    public void Ended(long number, object? outcome, SeatFailure? failure)
    {
        if (number == _sending)
        {
            // The topology follows. If it does not, because that region died, this one has to notice.
            _sending = 0;
            SendAgainAt = _sendNext = script.Now + (failure is null && outcome is true ? config.TokenBound : config.RetryAfter);
            changes.LookAt(SendAgainAt);
        }
    }

    public IEnumerable<SeatWait> HandOver(ISeatHome home, FencingToken token)
    {
        var target = token.Region;
        _isDrained = false;
        if (token != _withdrawn && view.IsEligible(target) && view.IsLinked(target))
        {
            yield return script.Do(Drain(home, target));
        }

        if (!home.IsOpen)
        {
            // It closed by itself. Whether the shard stays or goes, the next home says.
            yield break;
        }

        if (!_isDrained)
        {
            // Decided or not, this token must never be sent from here on.
            _withdrawn = token;
            script.Tell(new SeatEffect.EndHandOver());
            script.Tell(new SeatEffect.Note(new SeatNote.Stays(target)));
            yield return script.Do(changes.Ask(new SeatChange.Withdraw(config.Index, home.Home, token)));

            yield break;
        }

        script.Tell(new SeatEffect.BeginGivingAway());
        PromisedAt = script.Now;
        yield return script.Ask(new SeatEffect.Promise(token));
        if (script.Outcome<ShardHead>() is { } head && head.Promised != token)
        {
            yield return script.Ask(new SeatEffect.EndHome($"its store promised {head.Promised}"));
            script.Check();
        }

        // What the store promised decides from here on: the next look at it sends the token.
        script.News();
    }

    /// <summary>Sends the token, if it is time.</summary>
    public void Send(ShardRole.HandedOver role)
    {
        if (_sending != 0 || (role.Token.Token == _sent && script.Now < _sendNext))
        {
            return;
        }

        // Callers may go there already: they wait there until it serves. If it never does, a newer epoch is claimed.
        script.Tell(new SeatEffect.Hear(new(role.To, role.Token.Token.Epoch)));
        SendAgainAt = script.Now + config.RetryAfter;
        if (WayTo(role.To) is { } way)
        {
            SendAgainAt = SeatScript.Never;
            _sent = role.Token.Token;
            _sending = script.Begin(new SeatEffect.SendToken(way, role.Token));
        }
    }

    /// <summary>The region; if the link to it is cut, another one, which passes the token on.</summary>
    private RegionId? WayTo(RegionId region)
    {
        if (view.IsLinked(region))
        {
            return region;
        }

        foreach (var other in config.Map.Regions.All)
        {
            if (other != config.Self && view.IsLinked(other))
            {
                return other;
            }
        }

        return null;
    }

    /// <summary>Lets what is only in memory be written while the shard still stages, then has everything on its way to the replica.</summary>
    private IEnumerable<SeatWait> Drain(ISeatHome home, RegionId target)
    {
        if (!home.IsHandingOver)
        {
            yield return script.Ask(new SeatEffect.PrepareToLeave(view.Decided.StateOf(config.Self).IsAway));
            script.Check();
        }

        yield return script.Ask(new SeatEffect.BeginHandOver());
        script.Check();
        var bound = script.Now + config.DrainBound;
        script.WatchesLog = true;
        while (home.IsOpen && !home.IsDrainedInto(target) && script.Now < bound)
        {
            yield return script.Until(bound);
        }

        script.WatchesLog = false;

        _isDrained = home.IsDrainedInto(target);
    }
}
