using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.World.Airports;

/// <summary>
/// The western, middle and eastern third of the airports belong to the world's first, second and third region (the index modulo the
/// number of regions in a smaller world); a code that is not in the list of airports is hashed.
/// </summary>
/// <remarks>Pure, and allocates nothing: it runs for every call.</remarks>
internal sealed class AirportHomePolicy : IHomePolicy
{
    public HomeChoice Choose(ReadOnlySpan<byte> key, WorldRegions regions)
    {
        ArgumentNullException.ThrowIfNull(regions);
        return AirportThirds.Known.TryGetValue(IataCode.Pack(key), out var third)
            ? HomeChoice.In(AirportThirds.RegionOf(third, regions.Count), key)
            : HomeChoice.HashOf(key);
    }
}
