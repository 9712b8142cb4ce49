using OrleansGeo.World.Outcomes;
using OrleansGeo.World.Processes;

namespace OrleansGeo.Tests.World.Processes;

public sealed class ReadyFileTests
{
    [Fact]
    public void Is_what_the_contract_says_and_reads_back()
    {
        using var temp = new TempFolder();
        var file = temp.File("ready.json");
        ReadyRegion[] regions = [new("b", 7, "http://127.0.0.1:5102"), new("a", 8, "http://127.0.0.1:5101")];

        ReadyFile.Write(file, regions);

        Assert.Equal("""[{"region":"b","pid":7,"url":"http://127.0.0.1:5102"},{"region":"a","pid":8,"url":"http://127.0.0.1:5101"}]""", File.ReadAllText(file));
        Assert.Equal(regions, ReadyFile.Read(file));
    }

    [Fact]
    public void Of_an_earlier_world_is_removed()
    {
        using var temp = new TempFolder();
        var file = temp.File("ready.json");
        ReadyFile.Write(file, []);

        ReadyFile.Prepare(file);

        Assert.Empty(Directory.GetFiles(temp.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""[{"region":"a","pid":1}]""")]
    [InlineData("""[{"region":"a","pid":1,"url":"here"}]""")]
    public void Of_something_else_is_refused(string content)
    {
        using var temp = new TempFolder();
        var file = temp.File("ready.json");
        File.WriteAllText(file, content);

        Assert.Contains("is not the ready file", Assert.Throws<WorldException>(() => ReadyFile.Read(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Must_be_writable()
    {
        using var temp = new TempFolder();

        Assert.Throws<WorldException>(() => ReadyFile.Prepare(temp.File("missing/ready.json")));
        Assert.Throws<WorldException>(() => ReadyFile.Prepare(temp.Path));
        Assert.Throws<WorldException>(() => ReadyFile.Read(temp.File("missing.json")));
    }
}
