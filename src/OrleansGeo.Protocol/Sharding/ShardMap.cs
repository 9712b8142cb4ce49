using System.Collections.Immutable;
using System.Globalization;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Sharding;

/// <summary>Every shard of a world, and which one an entity belongs to. A function of the world's fixed settings only.</summary>
/// <remarks>
/// Per family: the hash shards <c>q-00 …</c>, then for each region its affine shards <c>q-westeurope-0 …</c>. After those, whose homes are the
/// topology's to say (<see cref="Count"/>), the row shards of each region, <c>c-westeurope-0 …</c>, whose home is that region for ever.
/// </remarks>
internal sealed class ShardMap
{
    private readonly ImmutableArray<ShardId> _shards;
    private readonly ImmutableArray<RegionId?> _affinities;
    private readonly ImmutableArray<RegionId> _preferred;
    private readonly Dictionary<ShardId, int> _indexes = [];
    private readonly int _perFamily;

    public ShardMap(WorldRegions regions, int hashShards, int affineShardsPerRegion, HomePreferences? preferences = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hashShards, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(affineShardsPerRegion, 1);
        Regions = regions;
        HashShards = hashShards;
        AffineShardsPerRegion = affineShardsPerRegion;
        Preferences = preferences ?? HomePreferences.ActiveActive;
        _perFamily = hashShards + (regions.Count * affineShardsPerRegion);
        var shards = ImmutableArray.CreateBuilder<ShardId>((2 * _perFamily) + (regions.Count * affineShardsPerRegion));
        var affinities = ImmutableArray.CreateBuilder<RegionId?>(2 * _perFamily);
        foreach (var family in "qr")
        {
            for (var i = 0; i < hashShards; i++)
            {
                shards.Add(new(string.Create(CultureInfo.InvariantCulture, $"{family}-{i:00}")));
                affinities.Add(null);
            }

            foreach (var region in regions.All)
            {
                for (var i = 0; i < affineShardsPerRegion; i++)
                {
                    shards.Add(new(string.Create(CultureInfo.InvariantCulture, $"{family}-{region}-{i}")));
                    affinities.Add(region);
                }
            }
        }

        Count = shards.Count;
        foreach (var region in regions.All)
        {
            for (var i = 0; i < affineShardsPerRegion; i++)
            {
                shards.Add(new(string.Create(CultureInfo.InvariantCulture, $"c-{region}-{i}")));
            }
        }

        _shards = shards.MoveToImmutable();
        _affinities = affinities.MoveToImmutable();
        _preferred = [.. Enumerable.Range(0, Count).Select(shard => Prefer(shard, static _ => true)
            ?? throw new ArgumentException("A world needs at least one region that can be home.", nameof(preferences)))];
        for (var i = 0; i < _shards.Length; i++)
        {
            _indexes.Add(_shards[i], i);
        }
    }

    public WorldRegions Regions { get; }

    public int HashShards { get; }

    public int AffineShardsPerRegion { get; }

    public HomePreferences Preferences { get; }

    /// <summary>How many shards have their home in the topology: the indexes below.</summary>
    public int Count { get; }

    /// <summary>How many shards there are, row shards included.</summary>
    public int Total => _shards.Length;

    public ShardId this[int index] => _shards[index];

    public ShardFamily FamilyOf(int index) => index < Count ? (ShardFamily)(index / _perFamily) : ShardFamily.Row;

    public bool IsRow(int index) => index >= Count;

    /// <summary>The region that a row shard belongs to.</summary>
    public RegionId OwnerOf(int row) => Regions[(row - Count) / AffineShardsPerRegion];

    /// <summary>The row shard of the same entities in another region.</summary>
    public int RowBeside(int row, RegionId region) => Count + (Regions.IndexOf(region) * AffineShardsPerRegion) + ((row - Count) % AffineShardsPerRegion);

    /// <summary>The row shard of a multi-writer entity in the region at <paramref name="region"/> of the world's order. Allocates nothing.</summary>
    public int LocateRow(int region, HomeChoice choice) => Count + (region * AffineShardsPerRegion) + (int)(choice.Hash % (uint)AffineShardsPerRegion);

    /// <summary>The region whose own shard it is; null for a hash shard.</summary>
    public RegionId? AffinityOf(int index) => _affinities[index];

    /// <summary>The region that should be home when all is well.</summary>
    public RegionId PreferredHome(int index) => _preferred[index];

    /// <summary>The region that should be home while only some can be; null when none can.</summary>
    public RegionId? Prefer(int index, Func<RegionId, bool> isEligible) => Preferences.Choose(_shards[index].Name, _affinities[index], Regions, isEligible);

    /// <summary>The index of a shard; -1 when the world has none of that name.</summary>
    public int IndexOf(ShardId shard) => _indexes.GetValueOrDefault(shard, -1);

    /// <summary>The shard of an entity. Allocates nothing.</summary>
    public int Locate(ShardFamily family, HomeChoice choice)
    {
        var start = (int)family * _perFamily;
        return choice.Region < 0
            ? start + (int)(choice.Hash % (uint)HashShards)
            : start + HashShards + (choice.Region * AffineShardsPerRegion) + (int)(choice.Hash % (uint)AffineShardsPerRegion);
    }
}
