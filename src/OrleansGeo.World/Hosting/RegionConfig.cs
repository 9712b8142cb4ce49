using System.Collections.Immutable;

namespace OrleansGeo.World.Hosting;

/// <summary>Everything that one region's process must know. Travels as one line of JSON from the world to the process.</summary>
/// <param name="Region">The region of this process.</param>
/// <param name="World">Every region, this one included, in the world's order.</param>
/// <param name="StorePath">The SQLite file of this region; null: the store is in memory.</param>
/// <param name="Wan"><c>azure</c>, <c>off</c> or a JSON matrix.</param>
/// <param name="Priority">Active-passive: the primary region, then who takes over, in this order. Empty: active-active.</param>
internal sealed record RegionConfig(string Region, ImmutableArray<RegionPlace> World, string? StorePath, string Wan, ImmutableArray<string> Priority)
{
    public RegionPlace Place => World.Single(place => place.Region == Region);

    public IEnumerable<RegionPlace> Peers => World.Where(place => place.Region != Region);

    /// <summary>What the table shows as the region's store.</summary>
    public string StoreDescription => StorePath ?? "memory";
}
