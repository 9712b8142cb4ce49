using OrleansGeo.Protocol.Topology;
using OrleansGeo.Simulation.Shells;

namespace OrleansGeo.Simulation.Checkers;

/// <summary>Invariant 2: whoever serves a shard holds a lease that the topology names, and nobody else would serve it at that instant by its own check.</summary>
internal sealed class HomeChecker(SimWorld world)
{
    private readonly long[,] _shown = new long[world.Config.Regions, world.Config.Shards.Length];

    /// <summary>A home was shown a higher epoch of its shard.</summary>
    public void Shown(int region, int shard, long epoch) => _shown[region, shard] = Math.Max(_shown[region, shard], epoch);

    public void Serves(int region, int shard, FencingToken token)
    {
        SimViolation.Unless(
            token.Epoch >= _shown[region, shard],
            $"Invariant 5: {token} serves shard {shard} after it was shown epoch {_shown[region, shard]}.");
        foreach (var other in world.Regions)
        {
            if (other.Index == region || !other.IsUp)
            {
                continue;
            }

            foreach (var shell in other.AllShells)
            {
                SimViolation.Unless(
                    !shell.IsFor(shard) || shell is not HomeShell { WouldServe: true } home,
                    $"Invariant 2: {token} serves shard {shard}, and {(shell as HomeShell)?.Token} would do so at this instant.");
            }
        }

        var here = world.Regions[region];
        SimViolation.Unless(
            here.Control!.Control.MayAct(here.Now),
            $"Invariant 2: {token} serves shard {shard} without a lease that the topology names.");
    }
}
