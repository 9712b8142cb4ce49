using Orleans.Serialization.Invocation;
using OrleansGeo.Abstractions.Errors;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Runtime.Shards;

namespace OrleansGeo.Runtime.Gates;

/// <summary>Requests for the home that arrive where it is not, or not yet.</summary>
internal sealed partial class GeoActivation
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Waits, inside the caller's deadline, while this region is to be home of the shard and is not ready: it is being promoted, or handed the
    /// shard, or has not got its lease yet; or while it hands the shard over, until the new home is known.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="since">When it came.</param>
    /// <returns>Whether it serves now.</returns>
    private async Task<bool> BecomesHomeAsync(IGeoCall call, long since)
    {
        // A caller that knows more than this region: it may be right.
        _silo.Control.CatchUp(call.TopologyVersion);
        var shardIndex = AddressedBy(call);
        var bound = TimeSpan.FromMilliseconds(Math.Min(call.RemainingMs, LongestWait.TotalMilliseconds));
        while (!_isGivenUp && IsDesignated(shardIndex) && !_silo.Authority.IsIsolated && _silo.Time.GetElapsedTime(since) < bound)
        {
            var added = _silo.Shards.WhenAdded(shardIndex);
            if (_silo.Shards.TryGet(shardIndex, out var shard) && shard is HomeShard { IsHandingOver: false })
            {
                // It left for here and has not arrived: whoever meets that finishes it.
                return call.Generation <= Known || await _silo.Moves.FinishAsync(GrainId, bound - _silo.Time.GetElapsedTime(since));
            }

            await Task.WhenAny(added, _silo.Topology.WhenChanged, Task.Delay(LookAgain, _silo.Time));
        }

        return false;
    }

    /// <summary>The request is not for this region: its caller is told, or, if it cannot reach the home itself or waits for no answer, this region asks the home for it.</summary>
    private async ValueTask<Response> PassOnAsync<T>(GeoCall<T> call)
    {
        var shardIndex = AddressedBy(call);
        var home = _silo.Topology.Value.HomeOf(shardIndex).Region;
        if ((call.Flags & (GeoCallFlags.Relay | GeoCallFlags.OneWay)) == 0 || IsDesignated(shardIndex) || _silo.Relay.ChannelTo(home) is not { } channel)
        {
            return NotHere<T>(shardIndex);
        }

        try
        {
            return await _silo.Relay.AskAsync(channel, _context.GrainId, call, new(shardIndex, Math.Max(call.Generation, Known)));
        }
        catch (Exception exception) when (Failures.IsTransient(exception))
        {
            return Reply<T>(ReplyKind.Unknown);
        }
    }

    private bool IsDesignated(int shardIndex)
    {
        var self = _silo.Topology.Value.Regions[_silo.Self];
        var shard = _silo.Topology.Value[shardIndex];
        return shard.Home.Region == self || shard.Reserved == self;
    }

    private GeoReply<T> NotHere<T>(int shardIndex) => IsDesignated(shardIndex) && _silo.Authority.IsIsolated
        ? Failed<T>(ReplyKind.Error, new(
            GeoErrorCode.RegionIsolated,
            $"{_silo.Topology.Value.Regions[_silo.Self]} is the home of {_entity} and holds no lease, because it cannot reach a majority of regions: it does not write, and reads only locally. Nothing happened; try again, or through another region.",
            TimeSpan.FromSeconds(2)))
        : At(Reply<T>(ReplyKind.NotHome), shardIndex);
}
