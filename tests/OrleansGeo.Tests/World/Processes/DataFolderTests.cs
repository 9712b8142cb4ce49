using OrleansGeo.World.Outcomes;
using OrleansGeo.World.Processes;

namespace OrleansGeo.Tests.World.Processes;

public sealed class DataFolderTests
{
    [Fact]
    public void Is_locked_while_in_use()
    {
        using var temp = new TempFolder();
        using (DataFolder.Open(temp.Path))
        {
            var error = Assert.Throws<WorldException>(() => DataFolder.Open(temp.Path));
            Assert.Equal(ExitCodes.Usage, error.ExitCode);
            Assert.Contains("in use by another world", error.Message, StringComparison.Ordinal);
        }

        DataFolder.Open(temp.Path).Dispose();
    }

    [Fact]
    public void Cannot_be_below_a_file()
    {
        using var temp = new TempFolder();
        var file = temp.File("file");
        File.WriteAllText(file, "");

        var error = Assert.Throws<WorldException>(() => DataFolder.Open(Path.Combine(file, "data")));

        Assert.Contains("--data", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Belongs_to_one_world()
    {
        using var temp = new TempFolder();
        using var folder = DataFolder.Open(temp.Path);
        folder.Claim(["a", "b"]);
        folder.Claim(["a", "b"]);

        Assert.Contains("[\"a\",\"b\"]", Assert.Throws<WorldException>(() => folder.Claim(["b", "a"])).Message, StringComparison.Ordinal);
        Assert.Throws<WorldException>(() => folder.Claim(["a"]));
    }

    [Fact]
    public void Says_when_its_settings_are_damaged()
    {
        using var temp = new TempFolder();
        using var folder = DataFolder.Open(temp.Path);
        File.WriteAllText(temp.File("world.json"), "[\"a\"");

        Assert.Contains("damaged", Assert.Throws<WorldException>(() => folder.Claim(["a"])).Message, StringComparison.Ordinal);
    }
}
