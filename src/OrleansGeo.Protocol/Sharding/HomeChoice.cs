using System.IO.Hashing;

namespace OrleansGeo;

/// <summary>What a home policy answers: a hash that picks the shard and, for an affine shard, the region that it prefers.</summary>
public readonly record struct HomeChoice
{
    private HomeChoice(int region, ulong hash)
    {
        Region = region;
        Hash = hash;
    }

    /// <summary>Index of the preferred region, or -1: a hash shard.</summary>
    public int Region { get; }

    /// <summary>XXH3 of the bytes that the choice was made of, 64 bits. Its remainder picks the shard.</summary>
    public ulong Hash { get; }

    /// <summary>The hash shard of these bytes: spread over all regions.</summary>
    public static HomeChoice HashOf(ReadOnlySpan<byte> bytes) => new(-1, XxHash3.HashToUInt64(bytes));

    /// <summary>The affine shard of these bytes in the region at <paramref name="region"/> of the world's order.</summary>
    public static HomeChoice In(int region, ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(region);
        return new(region, XxHash3.HashToUInt64(bytes));
    }
}
