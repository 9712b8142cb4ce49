using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Sharding;

/// <summary>The default: entities are spread over the hash shards by their key.</summary>
public sealed class ByKeyHash : IHomePolicy
{
    public HomeChoice Choose(ReadOnlySpan<byte> key, WorldRegions regions) => HomeChoice.HashOf(key);
}
