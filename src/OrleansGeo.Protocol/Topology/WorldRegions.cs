using System.Collections.Immutable;
using System.Text;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo;

/// <summary>The regions of a world in their fixed order. The order is part of the world: policies and shard names depend on it.</summary>
public sealed class WorldRegions
{
    private readonly byte[][] _utf8;

    /// <summary>Makes the regions of a world.</summary>
    /// <param name="regions">At least one, each once, in the world's order.</param>
    /// <exception cref="ArgumentException">There is none, or one stands there twice.</exception>
    public WorldRegions(ImmutableArray<RegionId> regions)
    {
        if (regions.IsDefaultOrEmpty || regions.Distinct().Count() != regions.Length)
        {
            throw new ArgumentException("A world needs at least one region, each once.", nameof(regions));
        }

        All = regions;
        _utf8 = [.. regions.Select(static region => Encoding.UTF8.GetBytes(region.Name))];
    }

    /// <summary>All regions, in the world's order.</summary>
    public ImmutableArray<RegionId> All { get; }

    /// <summary>How many regions the world has: at least 1.</summary>
    public int Count => All.Length;

    /// <summary>How many of them it takes.</summary>
    internal Quorums Quorums => new(Count);

    /// <summary>How many regions make a majority.</summary>
    public int Majority => Quorums.Majority;

    /// <summary>The region at a place in the world's order.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such place.</exception>
    public RegionId this[int index] => All[index];

    /// <summary>The place of a region in the world's order, from 0; -1 when the world does not have it.</summary>
    public int IndexOf(RegionId region)
    {
        // Every reply asks. A name is nearly always the same object, which this compares first.
        for (var i = 0; i < All.Length; i++)
        {
            if (All[i] == region)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The region with this name as UTF-8; -1 when there is none. Allocates nothing.</summary>
    public int IndexOf(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < _utf8.Length; i++)
        {
            if (name.SequenceEqual(_utf8[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
