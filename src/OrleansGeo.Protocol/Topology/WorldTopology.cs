using System.Collections.Immutable;
using OrleansGeo.Protocol.Sharding;

namespace OrleansGeo.Protocol.Topology;

/// <summary>
/// The versioned value that says which region is home of which shard, and under which lease. Immutable: a change is a new value with a
/// higher version, made by <see cref="TopologyChanges"/> and decided by the topology's register.
/// </summary>
internal sealed class WorldTopology
{
    private readonly ImmutableArray<ShardState> _shards;
    private readonly ImmutableArray<RegionState> _regions;

    internal WorldTopology(long version, ShardMap map, ImmutableArray<ShardState> shards, ImmutableArray<RegionState> regions, ReadOnlyMemory<byte> secret = default)
    {
        Version = version;
        Secret = secret;
        Map = map;
        _shards = shards;
        _regions = regions;
    }

    public long Version { get; }

    public ShardMap Map { get; }

    public WorldRegions Regions => Map.Regions;

    /// <summary>What this world's session tokens are sealed with: drawn by the region that decided first, gone with the world's data. Empty before that.</summary>
    public ReadOnlyMemory<byte> Secret { get; }

    internal ImmutableArray<ShardState> Shards => _shards;

    internal ImmutableArray<RegionState> States => _regions;

    /// <summary>The topology of a new world: every shard at its preferred home, in epoch 1.</summary>
    public static WorldTopology Initial(ShardMap map) => new(
        1,
        map,
        [.. Enumerable.Range(0, map.Count).Select(shard => new ShardState(new(map.PreferredHome(shard), 1), null, 1))],
        [.. map.Regions.All.Select(static _ => default(RegionState))]);

    /// <summary>The home of the shard at <paramref name="index"/> of the map. That of a row shard is its owner; its epoch is what the owner's store promised.</summary>
    public HomeAssignment HomeOf(int index) => this[index].Home;

    public ShardState this[int index] => index < _shards.Length ? _shards[index] : new(new(Map.OwnerOf(index), 1), null, 1);

    /// <exception cref="ArgumentException">The world has no such region.</exception>
    public RegionState StateOf(RegionId region) => Regions.IndexOf(region) is >= 0 and var index
        ? _regions[index]
        : throw new ArgumentException($"The world has no region '{region}'.", nameof(region));

    /// <summary>Whether a region is home of a shard, or about to be.</summary>
    public bool Involves(RegionId region)
    {
        foreach (var shard in _shards)
        {
            if (shard.Home.Region == region || shard.Reserved == region)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The topology in which the shard has another home. The epoch must rise.</summary>
    public WorldTopology With(int index, HomeAssignment home)
    {
        if (home.Epoch <= _shards[index].Home.Epoch)
        {
            throw new ArgumentException($"Epoch {home.Epoch} of {Map[index]} does not rise above {_shards[index].Home.Epoch}.", nameof(home));
        }

        return WithShard(index, new(home, null, Math.Max(home.Epoch, _shards[index].Allotted)));
    }

    /// <summary>This topology with a home that a region said it has: for routing, not for acting. Of the same version, because nothing was decided.</summary>
    public WorldTopology WithHint(int index, HomeAssignment home) => new(Version, Map, _shards.SetItem(index, new(home, null, home.Epoch)), _regions, Secret);

    internal WorldTopology WithShard(int index, ShardState shard) => new(Version + 1, Map, _shards.SetItem(index, shard), _regions, Secret);

    internal WorldTopology With(ImmutableArray<ShardState> shards) => new(Version + 1, Map, shards, _regions, Secret);

    internal WorldTopology With(RegionId region, RegionState state) => new(Version + 1, Map, _shards, _regions.SetItem(Regions.IndexOf(region), state), Secret);

    internal WorldTopology WithSecret(ReadOnlyMemory<byte> secret) => new(Version + 1, Map, _shards, _regions, secret);
}
