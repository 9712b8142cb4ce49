using OrleansGeo.Protocol.Recovery;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Simulation.Shells;

internal sealed partial class HomeShell
{
    private TimeSpan _handOverBegan;
    private bool _given;

    /// <summary>
    /// Brings the log to an end once the shard is reserved for another region, makes it impossible to go on here, and only then lets the
    /// token out (<see cref="TokenSender"/>). Before that it can be taken back.
    /// </summary>
    private void HandOver()
    {
        var state = Region.StateOf(Shard);
        if (IsRow || _given || !IsCurrent || state.Home.Token != token || !Region.MayServe(Shard, token))
        {
            return;
        }

        var log = Log!;
        if (state.Reserved is not { } target)
        {
            log.EndHandOver();
            return;
        }

        if (!log.IsHandingOver)
        {
            World.Trace($"{Name}: hands over to {target}");
            log.BeginHandOver();
            _handOverBegan = Region.Now;
        }

        if (Region.IsWithdrawing(Shard))
        {
            return;
        }

        if (IsReady && log.Config.Replicas.IndexOf(target) is >= 0 and var replica && log.IsDrainedInto(replica))
        {
            Give(state.Home, state.ReservedToken!.Value);
        }
        else if (Region.Now - _handOverBegan > World.Config.LeaseDuration)
        {
            Region.Withdraw(Shard, state.Home, state.ReservedToken!.Value);
        }
    }

    private void Give(HomeAssignment home, FencingToken next)
    {
        _given = true;
        _promisedAt = Region.Now;
        Region.Leave(Shard);
        Store($"promise {next} to hand over", writes: true, () => Region.Store.Promise(Shard, next), head =>
        {
            if (Fault == SimFault.ResumeAfterToken && head.Promised == next)
            {
                Resume(home, new(World.Map[World.MapIndexOf(Shard)], next, head.Last, head.LastEpoch));
                return;
            }

            if (head.Promised == next)
            {
                GiveAway(new(home, next.Region, new(World.Map[World.MapIndexOf(Shard)], next, head.Last, head.LastEpoch)));
            }
            else
            {
                Reactivate($"its store promised {head.Promised}");
            }
        }, () => After(5_000, () => Give(home, next)));
    }

    /// <summary>The token goes out at once. What was staged before is acknowledged for a while, and then this is a replica.</summary>
    private void GiveAway(ShardRole.HandedOver role)
    {
        new TokenSender(World, Region, Shard, role).Send();
        After(World.Chance.Between(0, 100_000), () => Reactivate("it was handed over"));
    }

    /// <summary>Without the fence: the token is out, nobody confirms at once, and the home goes on.</summary>
    private void Resume(HomeAssignment home, HandOverToken sent)
    {
        new TokenSender(World, Region, Shard, new(home, sent.Token.Region, sent)).Send();
        After(30_000, () => Region.Returned(Shard));
    }
}
