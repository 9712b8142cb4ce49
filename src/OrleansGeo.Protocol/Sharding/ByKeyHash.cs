using OrleansGeo.Protocol.Topology;

namespace OrleansGeo;

/// <summary>The default: entities are spread over the hash shards by their key.</summary>
public sealed class ByKeyHash : IHomePolicy
{
    /// <inheritdoc/>
    public HomeChoice Choose(ReadOnlySpan<byte> key, WorldRegions regions) => HomeChoice.HashOf(key);
}
