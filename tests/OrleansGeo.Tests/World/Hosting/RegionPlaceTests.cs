using OrleansGeo.World.Hosting;

namespace OrleansGeo.Tests.World.Hosting;

public sealed class RegionPlaceTests
{
    [Theory]
    [InlineData(5101, 3)]
    [InlineData(35_535, 8)]
    [InlineData(35_536, 8)]
    [InlineData(45_500, 2)]
    [InlineData(65_535, 8)]
    public void Derives_ports_that_exist_and_differ(int httpPort, int silos)
    {
        var place = RegionPlace.Create("a", httpPort, silos, hasEmulator: true);

        int[] all = [place.HttpPort, .. place.SiloPorts, .. place.GatewayPorts, place.StoragePort!.Value];
        Assert.Equal(2 + (2 * silos), all.Distinct().Count());
        Assert.All(all, static port => Assert.InRange(port, 1024, 65_535));
    }
}
