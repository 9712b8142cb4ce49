using System.Collections.Immutable;

namespace OrleansGeo.World.Hosting;

/// <summary>Everything that one region's process must know. Travels as one line of JSON from the world to the process.</summary>
/// <param name="Region">The region of this process.</param>
/// <param name="World">Every region, this one included, in the world's order.</param>
/// <param name="Storage">Where this region stores.</param>
/// <param name="Wan"><c>azure</c>, <c>off</c> or a JSON matrix.</param>
/// <param name="Priority">Active-passive: the primary region, then who takes over, in this order. Empty: active-active.</param>
internal sealed record RegionConfig(string Region, ImmutableArray<RegionPlace> World, StoragePlace Storage, string Wan, ImmutableArray<string> Priority)
{
    public RegionPlace Place => World.Single(place => place.Region == Region);

    public IEnumerable<RegionPlace> Peers => World.Where(place => place.Region != Region);
}
