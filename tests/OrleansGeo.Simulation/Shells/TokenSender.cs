using OrleansGeo.Protocol.Recovery;

namespace OrleansGeo.Simulation.Shells;

/// <summary>Sends a hand-over's token until the receiver has begun, whatever else becomes of this region.</summary>
internal sealed class TokenSender(SimWorld world, SimRegion region, int shard, ShardRole.HandedOver given)
{
    private bool _confirmed;

    public ShardRole.HandedOver Given => given;

    public void Send()
    {
        if (_confirmed || region.StateOf(shard).ReservedToken != given.Token.Token)
        {
            return;
        }

        var to = world.IndexOf(given.To);
        world.Network.Send(region.Index, to, $"hand-over of shard {shard} to {given.Token.Token} after {given.Token.LastEpoch}.{given.Token.Last}", () =>
            world.Regions[to].TakeOver(shard, given.Token, () =>
                world.Network.Send(to, region.Index, $"hand-over of shard {shard} confirmed", () => _confirmed = true)));
    }
}
