using System.Collections.Immutable;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Protocol.Topology;

/// <summary>The versioned value that says which region is home of which shard. Immutable: a change is a new value with a higher version.</summary>
public sealed class WorldTopology
{
    private readonly ImmutableArray<HomeAssignment> _homes;

    private WorldTopology(long version, ShardMap map, ImmutableArray<HomeAssignment> homes)
    {
        Version = version;
        Map = map;
        _homes = homes;
    }

    public long Version { get; }

    public ShardMap Map { get; }

    public WorldRegions Regions => Map.Regions;

    /// <summary>The topology of a new world: every shard at its preferred home, in epoch 1.</summary>
    public static WorldTopology Initial(ShardMap map) =>
        new(1, map, [.. Enumerable.Range(0, map.Count).Select(shard => new HomeAssignment(map.PreferredHome(shard), 1))]);

    /// <summary>The home of the shard at <paramref name="index"/> of the map.</summary>
    public HomeAssignment HomeOf(int index) => _homes[index];

    /// <summary>The topology in which the shard has another home. The epoch must rise.</summary>
    public WorldTopology With(int index, HomeAssignment home)
    {
        if (home.Epoch <= _homes[index].Epoch)
        {
            throw new ArgumentException($"Epoch {home.Epoch} of {Map[index]} does not rise above {_homes[index].Epoch}.", nameof(home));
        }

        return new(Version + 1, Map, _homes.SetItem(index, home));
    }
}
