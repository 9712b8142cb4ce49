using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Simulation.Checkers;

/// <summary>Invariant 5, by its own book: a store never accepts an epoch below the one it promised, nor an equal one of another region. Of a row, only its owner's.</summary>
internal sealed class FenceChecker(SimWorld world)
{
    private readonly Dictionary<(int Region, int Shard), (long Epoch, string Region)> _promised = [];

    /// <summary>A disk was replaced.</summary>
    public void Forget(int region, int shard) => _promised.Remove((region, shard));

    public void Accepted(int region, int shard, FencingToken token)
    {
        if (world.IsRow(shard))
        {
            SimViolation.Unless(
                world.IndexOf(token.Region) == world.OwnerOf(shard),
                $"Invariant 9: {world.NameOf(region)} accepted {token} of shard {shard}, a row that {world.NameOf(world.OwnerOf(shard))} alone writes.");
        }

        if (_promised.TryGetValue((region, shard), out var promised))
        {
            SimViolation.Unless(
                token.Epoch > promised.Epoch || (token.Epoch == promised.Epoch && token.Region.Name == promised.Region),
                $"Invariant 5: {world.NameOf(region)} shard {shard} accepted {token} after {promised.Region}@{promised.Epoch}.");
        }

        _promised[(region, shard)] = (token.Epoch, token.Region.Name);
    }
}
