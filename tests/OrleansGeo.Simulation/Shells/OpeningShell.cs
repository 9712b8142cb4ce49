using OrleansGeo.Protocol.Recovery;

namespace OrleansGeo.Simulation.Shells;

/// <summary>A shard of which the region does not know yet what it is to it: reads the store's head, and becomes that.</summary>
internal sealed class OpeningShell(SimWorld world, SimRegion region, int shard, HandOverToken? token) : ShardShell(world, region, shard)
{
    public override bool MayGoOn() => true;

    public override void Open() => Store("open", writes: false, () => Region.Store[Shard].Head, head =>
    {
        Region.Become(Choose(head), Shard);
    }, () => After(5_000, Open));

    public override void Tick()
    {
    }

    public override void LetGo(Protocol.Records.LiveRecord live)
    {
    }

    private ShardShell Choose(Protocol.Logs.ShardHead head)
    {
        var role = ShardRole.Of(Region.Topology, World.MapIndexOf(Shard), Region.Id, head);
        if (role is not ShardRole.HandedOver)
        {
            Region.Returned(Shard);
        }

        if (token is not null && role is ShardRole.Replica && Region.MayOpen(Shard, token.Token) && !token.Token.IsFencedBy(head.Promised))
        {
            return token.Matches(head) ? new HomeShell(World, Region, Shard, token.Token, token) : new RecoveryShell(World, Region, Shard, token.Token);
        }

        if (role is ShardRole.Home home && Region.MayOpen(Shard, home.Assignment.Token) && !home.Assignment.Token.IsFencedBy(head.Promised))
        {
            return home.IsRecovered
                ? new HomeShell(World, Region, Shard, home.Assignment.Token, null)
                : new RecoveryShell(World, Region, Shard, home.Assignment.Token);
        }

        return new ReplicaShell(World, Region, Shard, role as ShardRole.HandedOver);
    }
}
