using OrleansGeo.Protocol.Topology;
using OrleansGeo.Testing;

namespace OrleansGeo.Tests.Links.Wan;

public sealed class WanMatrixTests
{
    private static readonly string[] Regions = ["westeurope", "eastus2", "southeastasia"];

    [Theory]
    [InlineData("azure", "westeurope", "eastus2", 47)]
    [InlineData("azure", "eastus2", "westeurope", 47)]
    [InlineData("azure", "southeastasia", "eastus2", 116)]
    [InlineData("azure", "westeurope", "mars", 50)]
    [InlineData("azure", "westeurope", "westeurope", 0)]
    [InlineData("off", "westeurope", "eastus2", 0)]
    [InlineData("{\"westeurope\":{\"eastus2\":80}}", "westeurope", "eastus2", 40)]
    [InlineData("{\"westeurope\":{\"eastus2\":80}}", "eastus2", "westeurope", 40)]
    [InlineData("{\"westeurope\":{\"eastus2\":80}}", "westeurope", "southeastasia", 0)]
    [InlineData("{\"westeurope\":{\"eastus2\":80},\"eastus2\":{\"westeurope\":20}}", "westeurope", "eastus2", 40)]
    [InlineData("{\"westeurope\":{\"eastus2\":80},\"eastus2\":{\"westeurope\":20}}", "eastus2", "westeurope", 10)]
    public void One_way_is_half_of_the_round_trip(string matrix, string from, string to, double expectedMs) =>
        Assert.Equal(expectedMs, WanMatrix.Parse(matrix, Regions).OneWayMs(new RegionId(from), new RegionId(to)));

    [Theory]
    [InlineData("asure", "'asure' is not a WAN matrix: use azure, off, or JSON")]
    [InlineData("{\"westeurope\":{\"eastus2\":80}", "line 1, byte 29: not valid JSON")]
    [InlineData("{\"westeurope\":{\"eastus2\":-3}}", "at westeurope.eastus2: -3 is not a round trip: use a number of milliseconds from 0 to 60000")]
    [InlineData("{\"westeurope\":{\"eastus2\":\"80\"}}", "at westeurope.eastus2: \"80\" is not a round trip")]
    [InlineData("{\"westeurope\":{\"eastus2\":1e9}}", "at westeurope.eastus2: 1e9 is not a round trip")]
    [InlineData("{\"westeurope\":80}", "at westeurope: 80 is not a list of regions")]
    [InlineData("{\"westeurope\":{\"mars\":80}}", "at westeurope.mars: 'mars' is no region of this world: use westeurope, eastus2, southeastasia")]
    [InlineData("{\"mars\":{}}", "at mars: 'mars' is no region of this world")]
    [InlineData("{\"eastus2\":{\"eastus2\":1}}", "at eastus2.eastus2: a region has no way to itself")]
    [InlineData("{\"westeurope\":{\"eastus2\":1,\"eastus2\":2}}", "eastus2")]
    public void What_cannot_be_used_is_refused_with_what_and_where(string matrix, string expected)
    {
        var exception = Assert.Throws<WanMatrixException>(() => WanMatrix.Parse(matrix, Regions));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(double.NaN, 0)]
    [InlineData(60_001, 0)]
    [InlineData(0, -0.1)]
    [InlineData(0, 1.1)]
    public void A_rule_out_of_bounds_is_refused_and_the_old_one_stays(double oneWayMs, double loss)
    {
        using var emulator = new WanEmulator(new RegionId("westeurope"), TimeProvider.System, seed: 1);
        var east = new RegionId("eastus2");
        emulator.Set(east, new WanRule(7));

        Assert.Throws<ArgumentException>(() => emulator.Set(east, new WanRule(oneWayMs, loss)));

        Assert.Equal(new WanRule(7), emulator.Get(east));
    }

    [Fact]
    public void A_region_has_no_rule_for_itself()
    {
        using var emulator = new WanEmulator(new RegionId("westeurope"), TimeProvider.System, seed: 1);

        Assert.Throws<ArgumentException>(() => emulator.Set(new RegionId("westeurope"), WanRule.None));
    }
}
