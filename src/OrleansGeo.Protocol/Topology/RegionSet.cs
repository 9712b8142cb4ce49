using System.Numerics;

namespace OrleansGeo.Protocol.Topology;

/// <summary>Regions, by their index among the world's.</summary>
internal readonly record struct RegionSet(long Bits)
{
    public bool IsEmpty => Bits == 0;

    public int Count => BitOperations.PopCount((ulong)Bits);

    public bool Contains(int region) => (Bits & (1L << region)) != 0;

    public RegionSet With(int region) => new(Bits | (1L << region));
}
