using System.CommandLine;
using OrleansGeo.World.Cli;
using OrleansGeo.World.Hosting;
using OrleansGeo.World.Outcomes;
using OrleansGeo.World.Processes;

namespace OrleansGeo.Tests.World.Cli;

public sealed class RunOptionsTests
{
    [Fact]
    public void Has_three_regions_by_default()
    {
        var world = Read("");

        Assert.Equal(["westeurope", "eastus2", "southeastasia"], world.Places.Select(static place => place.Region));
        Assert.Equal([5101, 5102, 5103], world.Places.Select(static place => place.HttpPort));
        Assert.Equal([15101], world.Places[0].SiloPorts.AsEnumerable());
        Assert.Equal([25101], world.Places[0].GatewayPorts.AsEnumerable());
        Assert.Equal("azure", world.Wan);
        Assert.Equal(StorageKind.Sqlite, world.Storage);
        Assert.Null(world.ReadyFile);
        Assert.EndsWith(Path.Combine("orleansgeo", "world"), world.Data, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_every_option()
    {
        var world = Read("--regions b=7001,a=7002 --data some/where --storage memory --silos 2 --wan off --policy active-active --in-process --ready-file r.json");

        Assert.Equal(["b", "a"], world.Places.Select(static place => place.Region));
        Assert.Equal([17001, 17101], world.Places[0].SiloPorts.AsEnumerable());
        Assert.Equal([27001, 27101], world.Places[0].GatewayPorts.AsEnumerable());
        Assert.Equal(Path.GetFullPath("some/where"), world.Data);
        Assert.Equal(Path.GetFullPath("r.json"), world.ReadyFile);
        Assert.True(world is { Storage: StorageKind.Memory, InProcess: true, Wan: "off" });
    }

    [Theory]
    [InlineData("--nonsense", "--nonsense")]
    [InlineData("--regions a", "neither name=port nor a file")]
    [InlineData("--regions a=b", "'b' is not a port")]
    [InlineData("--regions a=70000", "'70000' is not a port")]
    [InlineData("--regions a=0", "'0' is not a port")]
    [InlineData("--regions A=5101", "'A' is not a region name")]
    [InlineData("--regions a=5101,a=5102", "'a' twice")]
    [InlineData("--regions a=5101,,b=5102", "neither name=port")]
    [InlineData("--silos 0", "--silos '0'")]
    [InlineData("--silos many", "--silos 'many'")]
    [InlineData("--storage floppy", "use sqlite, memory or azure-tables")]
    [InlineData("--policy active-passive", "does not name its regions")]
    [InlineData("--policy active-passive:", "does not name its regions")]
    [InlineData("--policy active-passive:a,,b", "does not name its regions")]
    [InlineData("--policy active-passive:a,b,a", "'a' twice")]
    [InlineData("--policy chaos", "use active-active")]
    public void Says_in_one_line_what_is_wrong(string options, string says)
    {
        var result = new RootCommandLine(options).Result;

        Assert.Contains(says, Assert.Single(result.Errors.Take(1)).Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', result.Errors[0].Message);
    }

    [Fact]
    public void Reads_who_is_primary_and_who_takes_over()
    {
        Assert.Equal(["eastus2", "westeurope"], Read("--policy active-passive:eastus2,westeurope").Priority.AsEnumerable());
        Assert.Empty(Read("").Priority);
    }

    [Fact]
    public void Refuses_a_policy_with_a_region_of_another_world() => Assert.Equal(
        "--policy: There is no region 'mars' in this world: use westeurope, eastus2, southeastasia.",
        Assert.Throws<WorldException>(() => Read("--policy active-passive:westeurope,mars")).Message);

    [Fact]
    public void Reads_the_regions_of_a_world_file_in_its_order()
    {
        using var folder = new TempFolder();
        var file = folder.File("world.json");
        File.WriteAllText(file, """{"zulu": 7001, "alpha": 7002}""");

        Assert.Equal([new("zulu", 7001), new("alpha", 7002)], RegionList.Parse(file).AsEnumerable());
    }

    private static WorldConfig Read(string options)
    {
        var run = new RunOptions();
        var command = new RootCommand();
        run.AddTo(command);
        var result = command.Parse(options);
        Assert.Empty(result.Errors);
        return run.Read(result);
    }

    private sealed class RootCommandLine(string options)
    {
        public ParseResult Result { get; } = WorldCommandLine.CreateRoot().Parse(options);
    }
}
