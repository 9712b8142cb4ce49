using OrleansGeo.Protocol.Topology;

namespace OrleansGeo;

/// <summary><c>tenant-42/cart-7</c> is hashed by what stands before the first <c>/</c>, so that a tenant's entities share a shard and a home.</summary>
public sealed class ByKeyGroup : IHomePolicy
{
    /// <inheritdoc/>
    public HomeChoice Choose(ReadOnlySpan<byte> key, WorldRegions regions)
    {
        var slash = key.IndexOf((byte)'/');
        return HomeChoice.HashOf(slash < 0 ? key : key[..slash]);
    }
}
