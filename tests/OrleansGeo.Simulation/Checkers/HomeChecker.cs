using OrleansGeo.Simulation.Shells;

namespace OrleansGeo.Simulation.Checkers;

/// <summary>Invariant 2: whoever serves a shard holds a lease that the topology names, and nobody else would serve it at that instant by its own check.</summary>
internal sealed class HomeChecker(SimWorld world)
{
    public void Serves(HomeShell server, SimRegion here, int shard)
    {
        var token = server.Token;
        if (world.IsRow(shard))
        {
            SimViolation.Unless(here.Index == world.OwnerOf(shard), $"Invariant 9: {token} serves shard {shard}, a row of {world.NameOf(world.OwnerOf(shard))}.");
            return;
        }

        SimViolation.Unless(token.Epoch >= server.ShownEpoch, $"Invariant 5: {token} serves shard {shard} after it was shown epoch {server.ShownEpoch}.");
        foreach (var other in world.Regions)
        {
            if (other == here || !other.IsUp)
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

        SimViolation.Unless(
            here.Control!.Control.MayAct(here.Now),
            $"Invariant 2: {token} serves shard {shard} without a lease that the topology names.");
    }
}
