using System.Text;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.World.Airports;

namespace OrleansGeo.Tests.World.Airports;

public sealed class AirportHomePolicyTests
{
    private static readonly WorldRegions Three = new([new("westeurope"), new("eastus2"), new("southeastasia")]);
    private static readonly AirportHomePolicy Policy = new();

    [Theory]
    [InlineData("LAX", 0)] // Los Angeles, -118.4
    [InlineData("HNL", 0)] // Honolulu, -157.9
    [InlineData("DFW", 1)] // Dallas, -97.0
    [InlineData("ORD", 1)] // Chicago, -87.9
    [InlineData("JFK", 2)] // New York, -73.8
    [InlineData("ATL", 2)] // Atlanta, -84.4
    public void Puts_airports_by_longitude(string iata, int region) =>
        Assert.Equal(HomeChoice.In(region, Utf8(iata)), Policy.Choose(Utf8(iata), Three));

    [Theory]
    [InlineData("ZZZ")]
    [InlineData("lax")]
    [InlineData("")]
    [InlineData("LAXLAX")]
    [InlineData("\u00e9\u00e9")]
    public void Hashes_what_is_no_known_airport(string key) => Assert.Equal(HomeChoice.HashOf(Utf8(key)), Policy.Choose(Utf8(key), Three));

    [Theory]
    [InlineData(1, 0, 0, 0)]
    [InlineData(2, 0, 1, 0)]
    [InlineData(4, 0, 1, 2)]
    public void Takes_the_index_modulo_the_regions(int regions, int west, int middle, int east)
    {
        var world = new WorldRegions([.. Enumerable.Range(0, regions).Select(static region => new RegionId($"region{region}"))]);

        Assert.Equal(west, Policy.Choose("LAX"u8, world).Region);
        Assert.Equal(middle, Policy.Choose("DFW"u8, world).Region);
        Assert.Equal(east, Policy.Choose("JFK"u8, world).Region);
    }

    [Fact]
    public void Cuts_the_airports_into_equal_thirds()
    {
        Assert.Equal(3376, AirportThirds.Known.Count);
        var sizes = AirportThirds.Known.Values.CountBy(static third => third).OrderBy(static third => third.Key).Select(static third => third.Value);
        Assert.Equal([1126, 1125, 1125], sizes);
    }

    [Fact]
    public void Ranks_equal_longitudes_by_code()
    {
        var thirds = AirportThirds.Assign([new("CCC", 1), new("AAA", 1), new("BBB", 1)]);

        Assert.Equal([("AAA", 0), ("BBB", 1), ("CCC", 2)], thirds.OrderBy(static airport => airport.Key).Select(static airport => (airport.Key, (int)airport.Value)));
    }

    [Fact]
    public void Allocates_nothing()
    {
        Policy.Choose("LAX"u8, Three);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Policy.Choose("LAX"u8, Three);
            Policy.Choose("ZZZ"u8, Three);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
