using OrleansGeo.Protocol.Recovery;

namespace OrleansGeo.Simulation.Shells;

/// <summary>Without the fence: a hand-over's token that goes out although the store of the home that sends it promised nothing.</summary>
internal sealed class LooseToken(SimWorld world, SimRegion region, int shard)
{
    public void Send(HandOverToken token)
    {
        var to = world.IndexOf(token.Token.Region);
        world.Network.Send(region.Index, to, $"loose hand-over of shard {shard} to {token.Token}", () => world.Regions[to].TakeOver(shard, token, static _ => { }));
    }
}
