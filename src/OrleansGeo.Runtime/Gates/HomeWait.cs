using Orleans.Serialization.Invocation;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Runtime.Errors;
using OrleansGeo.Runtime.Gates.Entities;
using OrleansGeo.Runtime.Routing;
using OrleansGeo.Runtime.Shards;

namespace OrleansGeo.Runtime.Gates;

/// <summary>Requests for the home that arrive where it is not, or not yet.</summary>
internal sealed class HomeWait(EntityView view, Replies replies, GeoActivations silo, GrainId grain)
{
    /// <summary>How long a request waits for this region to become home before its caller looks again.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <summary>What brings no news is looked at again.</summary>
    public static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Waits, inside the caller's deadline, while this region is to be home of the shard and is not ready: it is being promoted, or handed the
    /// shard, or has not got its lease yet; or while it hands the shard over, until the new home is known.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="since">When it came.</param>
    /// <returns>Whether it serves now.</returns>
    public async Task<bool> BecomesHomeAsync(IGeoCall call, long since)
    {
        // A caller that knows more than this region: it may be right.
        silo.Control.CatchUp(call.TopologyVersion);
        var shardIndex = view.AddressedBy(call);
        var bound = TimeSpan.FromMilliseconds(Math.Min(call.RemainingMs, Longest.TotalMilliseconds));
        while (!view.IsGivenUp && IsDesignated(shardIndex) && !silo.Authority.IsIsolated && silo.Time.GetElapsedTime(since) < bound)
        {
            var added = silo.Shards.WhenAdded(shardIndex);
            if (silo.Shards.TryGet(shardIndex, out var shard) && shard is HomeShard { IsHandingOver: false })
            {
                // It left for here and has not arrived: whoever meets that finishes it.
                return call.Generation <= view.Known || await silo.Moves.FinishAsync(grain, bound - silo.Time.GetElapsedTime(since));
            }

            await Task.WhenAny(added, silo.Topology.WhenChanged, Task.Delay(LookAgain, silo.Time));
        }

        return false;
    }

    /// <summary>The request is not for this region: its caller is told, or, if it cannot reach the home itself, this region asks the home for it.</summary>
    public async ValueTask<Response> PassOnAsync<T>(GeoCall<T> call)
    {
        var shardIndex = view.AddressedBy(call);
        var home = silo.Topology.Value.HomeOf(shardIndex).Region;
        if ((call.Flags & GeoCallFlags.Relay) == 0 || IsDesignated(shardIndex) || silo.Relay.ChannelTo(home) is not { } channel)
        {
            return NotHere<T>(shardIndex);
        }

        try
        {
            return await silo.Relay.AskAsync(channel, grain, call, new(shardIndex, Math.Max(call.Generation, view.Known)));
        }
        catch (Exception exception) when (Failures.IsTransient(exception))
        {
            return replies.Of<T>(ReplyKind.Unknown);
        }
    }

    /// <summary>What is said of where the entity is, and what that depends on. With the gate to oneself.</summary>
    public Outcome<T> Redirect<T>(GeoReply<T> moved) => new(moved, view.Record.Residence is null ? null : view.Home, view.Record.Residence?.Version.Position ?? default);

    /// <summary>That the entity left is said once a majority of regions has it, and is true for ever then.</summary>
    public async ValueTask<Response> RedirectAsync<T>(Outcome<T> outcome)
    {
        if (outcome.Home is { } home)
        {
            try
            {
                await home.WhenStableAsync(outcome.Position);
            }
            catch (ShardClosedException)
            {
                return replies.Of<T>(ReplyKind.NotNow);
            }
        }

        return outcome.Reply;
    }

    private bool IsDesignated(int shardIndex)
    {
        var self = silo.Topology.Value.Regions[silo.Self];
        var shard = silo.Topology.Value[shardIndex];
        return shard.Home.Region == self || shard.Reserved == self;
    }

    private GeoReply<T> NotHere<T>(int shardIndex) => IsDesignated(shardIndex) && silo.Authority.IsIsolated
        ? replies.Failed<T>(ReplyKind.Error, new(
            GeoErrorCode.RegionIsolated,
            $"{silo.Topology.Value.Regions[silo.Self]} is the home of {view.Entity} and holds no lease, because it cannot reach a majority of regions: it does not write, and reads only locally. Nothing happened; try again, or through another region.",
            TimeSpan.FromSeconds(2)))
        : replies.At(replies.Of<T>(ReplyKind.NotHome), shardIndex);
}
