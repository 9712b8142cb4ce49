using Microsoft.Extensions.Logging;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Storage;

namespace OrleansGeo.Runtime.Shards;

/// <summary>Giving the home away, planned, and being given it.</summary>
/// <remarks>
/// The topology reserves (target, next epoch) while the home still serves. Then: stage nothing more, wait until everything is in the own store and
/// on its way to the target (of a region shard: in its store too), let the own store promise the target's epoch, and only then send the token,
/// again and again until it is confirmed. From the promise on this region can never serve under its old epoch, whatever crashes. What it
/// staged before it goes on acknowledging until that is done.
/// </remarks>
internal sealed partial class ShardSeat
{
    private static readonly TimeSpan DrainBound = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan TokenBound = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private HandOverToken? _token;
    private FencingToken? _withdrawn;
    private TimeSpan? _promisedAt;
    private long _tokenSince;

    /// <summary>The old home hands the shard over. Completes with true once this region is home whatever ends.</summary>
    public async Task<bool> TakeOverAsync(HandOverToken token, long version)
    {
        _silo.Control.CatchUp(version);
        if (token.Token.Region != _silo.Self)
        {
            // For a region that the sender cannot reach itself.
            return _silo.Links.TryGetChannel(token.Token.Region, out var channel)
                && await channel.Grains.GetGrain<IShardGrain>(_id.Name).TakeOver(HandOverTokenWire.From(token, version));
        }

        if (_token?.Token != token.Token)
        {
            _tokenSince = _silo.Time.GetTimestamp();
        }

        _token = token;
        _news.Set();
        using var bound = new CancellationTokenSource(TokenBound, _silo.Time);
        while (!bound.IsCancellationRequested && !_stopping.IsCancellationRequested)
        {
            if (_home is { } home && home.Home.Epoch >= token.Token.Epoch && home.WhenStarted.IsCompletedSuccessfully)
            {
                return true;
            }

            if (_silo.Topology.Decided.HomeOf(_index).Epoch >= token.Token.Epoch)
            {
                return true;
            }

            await Task.Delay(LookAgain, _silo.Time);
        }

        return false;
    }

    /// <summary>The token that this region got for the shard, if it still counts.</summary>
    private HandOverToken? TokenFor(ShardState shard) =>
        _token is { } token && shard.ReservedToken == token.Token && token.Token.Region == _silo.Self ? token : null;

    /// <summary>The token may overtake the last rows. Those that do not come are found on a majority, which takes longer.</summary>
    private bool IsOnItsWay(HandOverToken token, ShardHead head) =>
        !head.Copying && head.Last < token.Last && _silo.Time.GetElapsedTime(_tokenSince) < Patience;

    /// <summary>What a home does that serves: say so if the topology does not know, hand over.</summary>
    private async Task ServeAsync(HomeShard home, ShardState shard)
    {
        if (IsRow)
        {
            // It has no other place.
        }
        else if (shard.Home.Epoch < home.Home.Epoch)
        {
            await _silo.Control.ChangeAsync(TopologyChangeWire.HandedOver(_index, home.Home.Token), _stopping.Token);
        }
        else if (shard.ReservedToken is { } token && shard.Home == home.Home)
        {
            await HandOverAsync(home, token);
        }
    }

    private async Task HandOverAsync(HomeShard home, FencingToken token)
    {
        var target = token.Region;
        if (token == _withdrawn || !_silo.Authority.HealthOf(target).IsEligible || !_silo.Links.TryGetChannel(target, out _) || !await LeaveAsync(home, home.ReplicaOf(target)))
        {
            // Decided or not, this token must never be sent from here on.
            _withdrawn = token;
            home.EndHandOver();
            LogStays(_silo.Logger, _id, _silo.Self, target);
            await _silo.Control.ChangeAsync(TopologyChangeWire.Withdraw(_index, home.Home, token), _stopping.Token);
            return;
        }

        home.BeginGivingAway(_silo.Clock);
        _promisedAt = _silo.Clock.Now;
        var head = await _silo.Store.PromiseAsync(_id, token, CancellationToken.None);
        if (head.Promised != token)
        {
            home.Close($"its store promised {head.Promised}");
        }

        // What the store promised decides from here on: the next look at it sends the token.
        _news.Set();
    }

    /// <summary>Lets what is only in memory be written while the shard still stages, then has everything on its way to the replica.</summary>
    private async Task<bool> LeaveAsync(HomeShard home, int replica)
    {
        if (!home.IsHandingOver)
        {
            var bound = _silo.Topology.Decided.StateOf(_silo.Self).IsAway ? _silo.Failover.DrainGrace : _silo.Failover.HandOverGrace;
            await home.LeavesAsync(bound, _stopping.Token);
        }

        return await DrainAsync(home, replica);
    }

    private async Task<bool> DrainAsync(HomeShard home, int replica)
    {
        var progressed = new Signal();
        home.Progressed += progressed.Set;
        try
        {
            home.BeginHandOver();
            var since = _silo.Time.GetTimestamp();
            while (!home.IsDrainedInto(replica))
            {
                if (!home.IsOpen || _silo.Time.GetElapsedTime(since) > DrainBound)
                {
                    return false;
                }

                await progressed.WaitAsync(RetryAfter, _stopping.Token);
            }

            return true;
        }
        finally
        {
            home.Progressed -= progressed.Set;
        }
    }

    /// <summary>Sends the token at once, acknowledges what is still under way, and is a replica from then on.</summary>
    private async Task GiveAwayAsync(ShardRole.HandedOver role)
    {
        var sending = SendTokenAsync(role);
        if (_home is { } home)
        {
            await Task.WhenAny(home.WhenAcknowledgedAsync(home.End.Last), Task.Delay(Patience, _silo.Time, _stopping.Token));
        }

        await BecomeReplicaAsync(role.To, "it was handed over");
        await sending;
    }

    /// <summary>Sends the token once; the next look sends it again unless the topology shows by then that it arrived.</summary>
    private async Task SendTokenAsync(ShardRole.HandedOver role)
    {
        if (_silo.Authority.HasEnded(role.To, out var revoked))
        {
            await _silo.Control.ChangeAsync(TopologyChangeWire.Claim(_index, role.Assignment, _silo.Self, revoked), _stopping.Token);
            return;
        }

        // Callers may go there already: they wait there until it serves. If it never does, somebody claims a newer epoch.
        _silo.Topology.Hear(_index, new(role.To, role.Token.Token.Epoch));
        _retry = RetryAfter;
        if (WayTo(role.To) is { } channel)
        {
            var version = _silo.Topology.Decided.Version;
            var confirmed = await channel.Grains.GetGrain<IShardGrain>(_id.Name)
                .TakeOver(HandOverTokenWire.From(role.Token, version)).AsTask().WaitAsync(2 * TokenBound, _silo.Time, _stopping.Token);
            if (confirmed)
            {
                // The topology follows. If it does not, because that region died, this one has to notice.
                _retry = TokenBound;
            }
        }
    }

    /// <summary>The link to a region; if that is cut, one to another region, which passes the token on.</summary>
    private RegionChannel? WayTo(RegionId region)
    {
        if (_silo.Links.TryGetChannel(region, out var direct))
        {
            return direct;
        }

        foreach (var link in _silo.Links.All)
        {
            if (link.TryGetChannel(out var other))
            {
                return other;
            }
        }

        return null;
    }

    /// <summary>The home died while it was handing the shard over to this region, and the token is not here: take it under a new epoch.</summary>
    private void ClaimIfAlone(ShardState shard)
    {
        if (shard.Reserved != _silo.Self || Generation == 0 || !_silo.Authority.HasEnded(shard.Home.Region, out var revoked))
        {
            return;
        }

        _retry = RetryAfter;
        _silo.Control.ChangeAsync(TopologyChangeWire.Claim(_index, shard.Home, _silo.Self, revoked), _stopping.Token).Ignore();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Shard {Shard} stays in {Region}: {Target} was not ready to take it")]
    private static partial void LogStays(ILogger logger, Protocol.Sharding.ShardId shard, RegionId region, RegionId target);
}
