using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Recovery;

/// <summary>
/// Whether a region's store holds whatever it can ever have acknowledged, by what the other regions say: a start proves nothing of it, because the store may be an old
/// copy, or may have lost what it said was on its disk. Pure.
/// </summary>
/// <remarks>
/// <para>A shard whose home is elsewhere is whole once the own store holds what the home's held at some moment since: what was acknowledged to earlier homes is in there. A shard
/// whose home is here is whole once it has begun an epoch that was allotted in this run, with all that others know (<see cref="ShardRecovery"/>).</para>
/// <para>The region's own rows go on under an epoch that no store has seen: what this store had written may have been shown, and its places must not be taken again. Other
/// regions' rows are held as far as they went when those regions were asked: they may have forgotten the tombstones that this region had, and without their rows what was
/// removed would be here again. A region that does not answer is not waited for.</para>
/// </remarks>
/// <param name="map">The world's.</param>
/// <param name="self">The region whose store it is.</param>
/// <param name="shards">Which shards are looked at; null: all.</param>
internal sealed class StoreComparison(ShardMap map, RegionId self, IReadOnlyCollection<int>? shards = null)
{
    private readonly IReadOnlyCollection<int> _shards = shards ?? [.. Enumerable.Range(0, map.Total)];
    private readonly Dictionary<int, (long Epoch, LogPosition Last)> _wanted = [];
    private readonly Dictionary<int, Dictionary<RegionId, ShardHead>> _own = [];
    private readonly HashSet<int> _renewed = [];

    /// <summary>Of which shards a region is to say where its log ends.</summary>
    public IEnumerable<int> AsksOf(RegionId region, WorldTopology topology) => _shards.Where(index =>
        !map.IsRow(index) ? topology.HomeOf(index) is var home && home.Region == region && !(_wanted.TryGetValue(index, out var end) && end.Epoch >= home.Epoch)
        : IsOwnRow(index) ? !_renewed.Contains(index)
        : map.OwnerOf(index) == region);

    /// <summary>What it said.</summary>
    public void Answered(RegionId region, WorldTopology topology, int index, ShardHead head)
    {
        if (map.IsRow(index))
        {
            if (map.OwnerOf(index) == self)
            {
                _own.TryAdd(index, []);
                _own[index][region] = head;
            }
            else if (!_wanted.TryGetValue(index, out var known) || known.Epoch != head.LastEpoch || head.Last < known.Last)
            {
                // As it stood first, unless its store was replaced meanwhile, too.
                _wanted[index] = (head.LastEpoch, head.Last);
            }
        }
        else if (topology.HomeOf(index) is var home && home.Region == region && (head.LastEpoch == home.Epoch || (home.Epoch == 1 && head.Last == LogPosition.Zero)))
        {
            _wanted[index] = (home.Epoch, head.Last);
        }
    }

    /// <summary>Own rows of which enough regions have said how far they went, and what the own store is to promise then, so that they go on.</summary>
    public IReadOnlyList<(int Row, FencingToken Token)> Renewals =>
    [
        .. _shards.Where(index => IsOwnRow(index) && !_renewed.Contains(index))
            .Select(index => (Row: index, Heads: _own.GetValueOrDefault(index)))
            .Where(row => (row.Heads?.Count ?? 0) >= map.Regions.Quorums.OthersForAll)

            // At least the world's first epoch: this store may have acknowledged rows under it that nobody else has.
            .Select(row => (row.Row, new FencingToken(self, Math.Max(1, row.Heads?.Values.Max(static head => Math.Max(head.Promised.Epoch, head.LastEpoch)) ?? 0) + 1))),
    ];

    /// <summary>The own store promised that.</summary>
    public void Renewed(int row) => _renewed.Add(row);

    /// <summary>
    /// Whether the own rows go on, all of them: they can be opened, so that other regions get what they lack of them. Not yet shown or written: that also needs the rows of the others.
    /// </summary>
    public bool OwnsRows => _shards.All(index => !IsOwnRow(index) || _renewed.Contains(index));

    /// <summary>A shard of which the own store is not known to hold all that it held; null: there is none.</summary>
    /// <param name="topology">The newest that is known.</param>
    /// <param name="isRecorded">Whether this run holds a lease that the topology names: then what is at home here has an epoch of this run.</param>
    /// <param name="own">The own store's heads.</param>
    public int? Missing(WorldTopology topology, bool isRecorded, Func<int, ShardHead> own)
    {
        foreach (var index in _shards)
        {
            if (!(map.IsRow(index) ? HoldsRow(index, own) : HoldsShard(topology, index, isRecorded, own(index))))
            {
                return index;
            }
        }

        return null;
    }

    private bool IsOwnRow(int index) => map.IsRow(index) && map.OwnerOf(index) == self;

    private bool HoldsShard(WorldTopology topology, int index, bool isRecorded, ShardHead own)
    {
        var home = topology.HomeOf(index);
        return topology[index].Reserved is null && (home.Region == self
            ? isRecorded && !own.Copying && own.LastEpoch == home.Epoch
            : _wanted.TryGetValue(index, out var end) && end.Epoch == home.Epoch && Holds(own, end));
    }

    private bool HoldsRow(int index, Func<int, ShardHead> own) =>
        map.OwnerOf(index) == self ? _renewed.Contains(index)
        : !_wanted.TryGetValue(index, out var end) || (own(index) is { Copying: false } head && (head.LastEpoch > end.Epoch || Holds(head, end)));

    private static bool Holds(ShardHead own, (long Epoch, LogPosition Last) end) =>
        end.Last == LogPosition.Zero || (!own.Copying && own.LastEpoch == end.Epoch && own.Last >= end.Last);
}
