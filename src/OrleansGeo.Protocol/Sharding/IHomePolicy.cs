using OrleansGeo.Protocol.Topology;

namespace OrleansGeo;

/// <summary>Says where an entity belongs. Every caller evaluates it on every call, so it must be a pure function of its arguments, and fast.</summary>
/// <remarks>An entity's shard never changes by itself: a policy that answers differently after an upgrade loses sight of the entities that it moved.</remarks>
public interface IHomePolicy
{
    /// <param name="key">The grain key, UTF-8.</param>
    /// <param name="regions">The world's regions.</param>
    HomeChoice Choose(ReadOnlySpan<byte> key, WorldRegions regions);
}
