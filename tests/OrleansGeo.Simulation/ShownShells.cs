using OrleansGeo.Simulation.Shells;

namespace OrleansGeo.Simulation;

/// <summary>What is seen of each shard in a region: its home, its replica, or nothing.</summary>
internal readonly struct ShownShells(SeatShell?[] seats)
{
    public ShardShell? this[int shard] => seats[shard]?.Shown;
}
